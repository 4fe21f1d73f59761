-- One row per location and ingredient that Square may count and that the ledger has not taken over.
SELECT place.location_key, place.ingredient_key, place.variation_id, place.location_id
FROM inventory.square_place AS place
JOIN inventory.ingredient USING (ingredient_key)
LEFT JOIN inventory.stock_level AS stock USING (location_key, ingredient_key)
WHERE ingredient.is_active AND stock.is_taken_over IS NOT TRUE
