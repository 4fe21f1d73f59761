-- One row per product that stands on a pending order and is not in the catalog: a custom amount (by its name), or an
-- object that was deleted before the catalog was first read (by its id, under the name that the order gives it).
WITH lines AS (
    SELECT variation_id, item_name, variation_name
    FROM gold.pending_order
    JOIN silver.order_lines USING (order_key)
    UNION ALL
    SELECT variation_id, item_name, variation_name
    FROM gold.pending_order
    JOIN silver.order_return_lines USING (order_key)
),
products AS (
    SELECT
        gold.line_product_id(variation_id, item_name, variation_name) AS product_id,
        'variation' AS kind,
        max(item_name) AS item_name,
        max(variation_name) AS variation_name
    FROM lines
    GROUP BY 1
    UNION ALL
    SELECT
        gold.modifier_product_id(modifier_id, name),
        'modifier',
        max(name),
        ''
    FROM gold.pending_order
    JOIN silver.order_line_modifiers USING (order_key)
    GROUP BY 1
)
INSERT INTO gold.dim_product (product_id, kind, item_name, variation_name, category, is_deleted)
SELECT product_id, kind, item_name, variation_name, '', false
FROM products
WHERE NOT EXISTS (SELECT FROM gold.dim_product AS known WHERE known.product_id = products.product_id)
ORDER BY product_id
ON CONFLICT (product_id) DO NOTHING
