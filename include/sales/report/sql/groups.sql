-- One row per group (item, variation, category or modifier) and currency.
WITH sales AS (
    SELECT
        fact.*,
        -- A modifier's sales belong to the item it stands on, unless modifiers are what is asked for.
        CASE WHEN %(group_by)s = 'modifier' THEN product_key ELSE coalesce(line_product_key, product_key) END
            AS group_product_key,
        kind = CASE WHEN %(group_by)s = 'modifier' THEN 'modifier' ELSE 'line' END AS is_unit
    FROM gold.fact_sales AS fact
    WHERE location_key = ANY(%(location_keys)s)
        AND business_date BETWEEN %(first)s AND %(last)s
        AND (kind = 'modifier' OR %(group_by)s <> 'modifier')
        -- Tips and service charges stand on rows without a product and are no sales.
        AND (product_key IS NOT NULL OR gross_cents <> 0 OR discount_cents <> 0 OR refund_cents <> 0)
),

named AS (
    SELECT
        sales.*,
        CASE WHEN %(group_by)s = 'category' THEN coalesce(nullif(product.category, ''), 'No category')
             -- Square writes a refund that names no item as a line without a name.
             ELSE coalesce(nullif(product.item_name, ''), 'Not on an item') END AS name,
        CASE WHEN %(group_by)s = 'variation' THEN coalesce(product.variation_name, '') ELSE '' END AS variation_name,
        coalesce(product.category, '') AS category
    FROM sales
    LEFT JOIN gold.dim_product AS product ON product.product_key = sales.group_product_key
)

SELECT
    name,
    variation_name,
    max(category) AS category,
    currency,
    trim_scale(coalesce(sum(quantity) FILTER (WHERE is_unit), 0)) AS sold_quantity,
    trim_scale(coalesce(sum(quantity) FILTER (WHERE kind = 'return'), 0)) AS returned_quantity,
    (count(DISTINCT order_key) FILTER (WHERE is_unit))::integer AS order_count,
    sum(gross_cents)::bigint AS gross_cents,
    coalesce(sum(gross_cents) FILTER (WHERE kind = 'modifier'), 0)::bigint AS modifier_gross_cents,
    sum(discount_cents)::bigint AS discount_cents,
    sum(refund_cents)::bigint AS refund_cents,
    sum(net_cents)::bigint AS net_cents
FROM named
GROUP BY name, variation_name, currency
ORDER BY currency, net_cents DESC, name, variation_name
