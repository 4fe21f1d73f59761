-- One row per variation, and modifier on one, that the orders of this transaction sold without a recipe.
SELECT DISTINCT
    concat_ws(' / ', item.item_name, nullif(item.variation_name, ''), CASE fact.kind WHEN 'modifier' THEN product.item_name END)
FROM deducted_order
JOIN gold.fact_sales AS fact USING (order_key)
JOIN gold.dim_product AS product USING (product_key)
JOIN gold.dim_product AS item ON item.product_key = fact.line_product_key
WHERE fact.kind IN ('line', 'modifier')
    AND NOT EXISTS (
        SELECT FROM inventory.recipe
        WHERE recipe.product_key = fact.line_product_key
            AND recipe.modifier_key = CASE fact.kind WHEN 'modifier' THEN fact.product_key ELSE 0 END
            AND fact.business_date >= recipe.valid_from_date
            AND fact.business_date < recipe.valid_to_date
    )
