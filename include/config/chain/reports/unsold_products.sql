-- One row per item variation of the menu that was not sold anywhere since the day asked for.
WITH sold AS (
    SELECT product_id, max(business_date) AS last_sold_date
    FROM daily_product_sales
    WHERE sold_quantity > 0
    GROUP BY product_id
)
SELECT
    product.category,
    product.item_name AS item,
    product.variation_name AS variation,
    product.sku,
    (product.price_cents / 100.0)::numeric(14, 2) AS price,
    product.currency,
    sold.last_sold_date AS last_sold,
    sold.last_sold_date IS NULL AS is_never_sold
FROM product
LEFT JOIN sold USING (product_id)
WHERE product.kind = 'variation'
    AND product.is_in_catalog
    AND NOT product.is_deleted
    AND (sold.last_sold_date IS NULL OR sold.last_sold_date < :since)
ORDER BY last_sold NULLS FIRST, item, variation
