-- One row per location and ingredient that had been taken over: what there was at the end of the business day.
SELECT
    place.location_key,
    ingredient.name AS ingredient_name,
    ingredient.unit,
    stock.on_hand AS quantity,
    cost.unit_cost_cents,
    cost.currency
FROM unnest(%(location_keys)s::integer[], %(ends_at)s::timestamptz[]) AS place (location_key, end_at)
CROSS JOIN LATERAL inventory.stock_at(place.end_at) AS stock
JOIN inventory.stock_level AS level
    ON level.location_key = stock.location_key
    AND level.ingredient_key = stock.ingredient_key
JOIN inventory.ingredient ON ingredient.ingredient_key = stock.ingredient_key
LEFT JOIN inventory.ingredient_cost AS cost
    ON cost.ingredient_key = stock.ingredient_key
    AND %(day)s >= cost.valid_from_date
    AND %(day)s < cost.valid_to_date
WHERE stock.location_key = place.location_key AND level.taken_over_at <= place.end_at
ORDER BY place.location_key, ingredient.name
