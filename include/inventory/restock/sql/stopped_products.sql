-- One row per ingredient and item, or modifier, that cannot be made without it by today's recipes.
SELECT
    used.ingredient_key,
    CASE WHEN recipe.modifier_key = 0 THEN item.item_name ELSE modifier.item_name END AS name,
    recipe.modifier_key <> 0 AS is_modifier
FROM inventory.recipe
JOIN inventory.recipe_ingredient AS used USING (recipe_key)
JOIN gold.dim_product AS item ON item.product_key = recipe.product_key
LEFT JOIN gold.dim_product AS modifier ON modifier.product_key = recipe.modifier_key
WHERE used.ingredient_key = ANY(%(ingredient_keys)s)
    AND used.quantity > 0
    AND NOT item.is_deleted
    AND NOT coalesce(modifier.is_deleted, false)
    AND %(today)s >= recipe.valid_from_date
    AND %(today)s < recipe.valid_to_date
GROUP BY 1, 2, 3
ORDER BY 1, 3, 2
