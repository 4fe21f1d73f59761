-- One row per order that gave money back (Square writes a return as an order of its own).
WITH returned AS (
    SELECT
        fact.order_key,
        fact.currency,
        max(fact.sold_at) AS refunded_at,
        string_agg(
            CASE
                -- Square writes a refund that names no item as a line without a name.
                WHEN product.item_name <> ''
                    THEN concat_ws(' ', trim_scale(fact.quantity), 'x', product.item_name, nullif(product.variation_name, ''))
                ELSE 'an amount'
            END,
            ', ' ORDER BY fact.line_number
        ) FILTER (WHERE fact.kind = 'return') AS items,
        sum(fact.refund_cents)::bigint AS refund_cents,
        -- An exchange sells in the same order: only what went back counts.
        -coalesce(sum(fact.total_cents) FILTER (WHERE fact.kind = 'return' OR (fact.kind = 'order' AND fact.total_cents < 0)), 0)::bigint
            AS total_cents
    FROM gold.fact_sales AS fact
    LEFT JOIN gold.dim_product AS product USING (product_key)
    WHERE fact.location_key = ANY(%(location_keys)s)
        AND fact.business_date BETWEEN %(first)s AND %(last)s
    GROUP BY fact.order_key, fact.currency
    HAVING bool_or(fact.kind = 'return') OR sum(fact.refund_cents) <> 0
),

reasons AS (
    SELECT order_key, string_agg(DISTINCT reason, ', ' ORDER BY reason) AS reason
    FROM silver.refunds
    WHERE order_key IN (SELECT order_key FROM returned) AND reason <> ''
    GROUP BY order_key
)

SELECT
    refunded_at,
    coalesce(items, '') AS items,
    coalesce(reason, '') AS reason,
    currency,
    refund_cents,
    total_cents
FROM returned
LEFT JOIN reasons USING (order_key)
ORDER BY refunded_at, order_key
