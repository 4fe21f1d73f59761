-- One row per location and ingredient that was used, thrown away or counted on the business day.
SELECT
    moved.location_key,
    ingredient.name AS ingredient_name,
    ingredient.unit,
    -coalesce(sum(moved.quantity) FILTER (WHERE moved.kind IN ('sale', 'return')), 0) AS used_quantity,
    -coalesce(sum(moved.quantity) FILTER (WHERE moved.kind = 'waste'), 0) AS wasted_quantity,
    coalesce(sum(moved.quantity) FILTER (WHERE moved.kind = 'count'), 0) AS counted_quantity,
    cost.unit_cost_cents,
    cost.currency
FROM inventory.daily_movement AS moved
JOIN inventory.ingredient USING (ingredient_key)
LEFT JOIN inventory.ingredient_cost AS cost
    ON cost.ingredient_key = moved.ingredient_key
    AND moved.business_date >= cost.valid_from_date
    AND moved.business_date < cost.valid_to_date
WHERE moved.business_date = %(day)s
    AND moved.location_key = ANY(%(location_keys)s)
    AND moved.kind IN ('sale', 'return', 'waste', 'count')
GROUP BY moved.location_key, ingredient.name, ingredient.unit, cost.unit_cost_cents, cost.currency
ORDER BY moved.location_key, ingredient.name
