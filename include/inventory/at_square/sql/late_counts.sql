-- One row per count that held late changes and that Square has taken.
SELECT
    location.name AS location_name,
    ingredient.name AS ingredient_name,
    ingredient.unit,
    change.occurred_at,
    change.late_quantity
FROM inventory.square_change AS change
JOIN inventory.square_batch AS batch USING (batch_id)
JOIN inventory.ingredient USING (ingredient_key)
JOIN gold.dim_location AS location USING (location_key)
WHERE change.late_quantity <> 0
    AND batch.state = 'done'
    AND change.occurred_at >= %(start_at)s
    AND change.occurred_at < %(end_at)s
ORDER BY location.name, ingredient.name, change.occurred_at
