-- One row per location and ingredient of which Square's count was not ours in the day's comparison.
SELECT
    difference.location_key,
    ingredient.name AS ingredient_name,
    ingredient.unit,
    difference.ledger_quantity,
    difference.square_quantity,
    cost.unit_cost_cents,
    cost.currency
FROM inventory.square_difference AS difference
JOIN inventory.ingredient USING (ingredient_key)
LEFT JOIN inventory.ingredient_cost AS cost
    ON cost.ingredient_key = difference.ingredient_key
    AND %(day)s >= cost.valid_from_date
    AND %(day)s < cost.valid_to_date
WHERE difference.found_by = 'comparison'
    AND difference.found_date = %(day)s
    AND difference.location_key = ANY(%(location_keys)s)
ORDER BY difference.location_key, ingredient.name
