-- One row per product that stands on a pending order and is not in the catalog: a custom amount (by its name), or an
-- object that was deleted before the catalog was first read (by its id, under the name that the order gives it).
WITH products AS (
    SELECT product_id, 'variation' AS kind, item_name, variation_name
    FROM gold.pending_order
    JOIN silver.order_lines USING (order_key)
    UNION ALL
    SELECT product_id, 'variation', item_name, variation_name
    FROM gold.pending_order
    JOIN silver.order_return_lines USING (order_key)
    UNION ALL
    SELECT product_id, 'modifier', name, ''
    FROM gold.pending_order
    JOIN silver.order_line_modifiers USING (order_key)
)
INSERT INTO gold.dim_product (product_id, kind, item_name, variation_name, category, is_deleted)
SELECT product_id, kind, max(item_name), max(variation_name), '', false
FROM products
WHERE NOT EXISTS (SELECT FROM gold.dim_product AS known WHERE known.product_id = products.product_id)
GROUP BY product_id, kind
ORDER BY product_id
ON CONFLICT (product_id) DO NOTHING
