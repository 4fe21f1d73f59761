-- One row per ingredient and location of a batch.
SELECT DISTINCT ingredient.name, location.name
FROM inventory.square_change
JOIN inventory.ingredient USING (ingredient_key)
JOIN gold.dim_location AS location USING (location_key)
WHERE batch_id = %(batch_id)s
ORDER BY ingredient.name, location.name
