-- One row per location, category, item, variation (empty unless asked for) and currency: what an earlier period sold.
WITH sold AS (
    SELECT
        location_key,
        coalesce(line_product_key, product_key) AS product_key,
        currency,
        coalesce(sum(quantity) FILTER (WHERE kind = 'line'), 0) AS sold_quantity,
        sum(net_cents) AS net_cents
    FROM gold.fact_sales
    WHERE location_key = ANY(%(location_keys)s)
        AND business_date BETWEEN %(first)s AND %(last)s
        AND (product_key IS NOT NULL OR net_cents <> 0)
    GROUP BY 1, 2, 3
)

SELECT
    sold.location_key,
    coalesce(product.category, '') AS category,
    coalesce(product.item_name, '') AS item_name,
    CASE WHEN %(is_by_variation)s THEN coalesce(product.variation_name, '') ELSE '' END AS variation_name,
    sold.currency,
    trim_scale(sum(sold.sold_quantity)) AS sold_quantity,
    sum(sold.net_cents)::bigint AS net_cents
FROM sold
LEFT JOIN gold.dim_product AS product ON product.product_key = sold.product_key
WHERE %(categories)s::text[] IS NULL OR coalesce(product.category, '') = ANY(%(categories)s)
GROUP BY 1, 2, 3, 4, 5
