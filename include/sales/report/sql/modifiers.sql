-- One row per modifier, item variation that used it, and currency.
SELECT
    modifier.item_name AS modifier_name,
    item.item_name,
    item.variation_name,
    fact.currency,
    trim_scale(sum(fact.quantity)) AS sold_quantity,
    count(DISTINCT fact.order_key)::integer AS order_count,
    sum(fact.gross_cents)::bigint AS gross_cents,
    sum(fact.discount_cents)::bigint AS discount_cents,
    sum(fact.net_cents)::bigint AS net_cents
FROM gold.fact_sales AS fact
JOIN gold.dim_product AS modifier ON modifier.product_key = fact.product_key
JOIN gold.dim_product AS item ON item.product_key = fact.line_product_key
WHERE fact.location_key = ANY(%(location_keys)s)
    AND fact.business_date BETWEEN %(first)s AND %(last)s
    AND fact.kind = 'modifier'
GROUP BY modifier.item_name, item.item_name, item.variation_name, fact.currency
ORDER BY
    fact.currency,
    sum(sum(fact.gross_cents)) OVER (PARTITION BY fact.currency, modifier.item_name) DESC,
    modifier_name, gross_cents DESC, item.item_name, item.variation_name
