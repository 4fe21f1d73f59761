-- One row per location and ingredient that the ledger has taken over; Square's names are NULL where it cannot count it.
SELECT
    place.variation_id,
    place.location_id,
    coalesce(level.refusal_count > 0, false) AS is_refused,
    stock.location_key,
    location.name AS location_name,
    stock.ingredient_key,
    ingredient.name AS ingredient_name,
    ingredient.unit,
    ingredient.is_sold_by_square,
    stock.quantity AS ledger_quantity,
    level.quantity AS expected_quantity
FROM inventory.stock_level AS stock
JOIN inventory.ingredient USING (ingredient_key)
JOIN gold.dim_location AS location USING (location_key)
LEFT JOIN inventory.square_place AS place USING (location_key, ingredient_key)
LEFT JOIN inventory.square_level AS level USING (location_key, ingredient_key)
WHERE stock.is_taken_over AND ingredient.is_active AND location.is_active
ORDER BY location.name, ingredient.name
