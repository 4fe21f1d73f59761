CREATE VIEW reporting.ingredient_use AS
WITH moved AS (
    SELECT
        business_date,
        location_key,
        ingredient_key,
        -coalesce(sum(quantity) FILTER (WHERE kind IN ('sale', 'return')), 0) AS used_quantity,
        coalesce(sum(quantity) FILTER (WHERE kind = 'return'), 0) AS restocked_quantity,
        -coalesce(sum(quantity) FILTER (WHERE kind = 'waste'), 0) AS wasted_quantity,
        coalesce(sum(quantity) FILTER (WHERE kind = 'count'), 0) AS count_difference_quantity,
        coalesce(sum(quantity) FILTER (WHERE kind = 'receipt'), 0) AS received_quantity,
        coalesce(sum(quantity) FILTER (WHERE kind = 'transfer'), 0) AS transferred_quantity,
        coalesce(sum(quantity) FILTER (WHERE kind = 'opening'), 0) AS opening_quantity
    FROM inventory.daily_movement
    GROUP BY business_date, location_key, ingredient_key
)
SELECT
    moved.business_date,
    location.name AS location_name,
    ingredient.name AS ingredient_name,
    ingredient.unit,
    moved.used_quantity,
    moved.restocked_quantity,
    moved.wasted_quantity,
    moved.count_difference_quantity,
    moved.received_quantity,
    moved.transferred_quantity,
    moved.opening_quantity,
    cost.unit_cost_cents,
    moved.used_quantity * cost.unit_cost_cents AS used_cost_cents,
    moved.wasted_quantity * cost.unit_cost_cents AS wasted_cost_cents,
    moved.count_difference_quantity * cost.unit_cost_cents AS count_difference_cost_cents,
    cost.currency
FROM moved
JOIN gold.dim_location AS location USING (location_key)
JOIN inventory.ingredient USING (ingredient_key)
LEFT JOIN inventory.ingredient_cost AS cost
    ON cost.ingredient_key = moved.ingredient_key
    AND moved.business_date >= cost.valid_from_date
    AND moved.business_date < cost.valid_to_date;

COMMENT ON VIEW reporting.ingredient_use IS
    'What moved, by ingredient: one row per business day, location and ingredient of which anything was used, thrown '
    'away, received, counted or sent elsewhere.';
COMMENT ON COLUMN reporting.ingredient_use.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.ingredient_use.location_name IS 'Location.';
COMMENT ON COLUMN reporting.ingredient_use.ingredient_name IS 'Ingredient.';
COMMENT ON COLUMN reporting.ingredient_use.unit IS 'The unit of every quantity in the row, such as kg or each.';
COMMENT ON COLUMN reporting.ingredient_use.used_quantity IS
    'Used by what was sold, as the recipes say, less what went back on the shelf.';
COMMENT ON COLUMN reporting.ingredient_use.restocked_quantity IS 'Of returned items, what went back on the shelf.';
COMMENT ON COLUMN reporting.ingredient_use.wasted_quantity IS 'Thrown away, as people told.';
COMMENT ON COLUMN reporting.ingredient_use.count_difference_quantity IS
    'What counting the shelf found more than was booked; below zero: less.';
COMMENT ON COLUMN reporting.ingredient_use.received_quantity IS 'Received from suppliers.';
COMMENT ON COLUMN reporting.ingredient_use.transferred_quantity IS
    'Come from other locations; below zero: gone to them.';
COMMENT ON COLUMN reporting.ingredient_use.opening_quantity IS 'What there was when stock began to be kept.';
COMMENT ON COLUMN reporting.ingredient_use.unit_cost_cents IS
    'What one unit cost on that business day, in cents; empty without a known price.';
COMMENT ON COLUMN reporting.ingredient_use.used_cost_cents IS
    'Cost of what was used, in cents, not rounded: round after adding up.';
COMMENT ON COLUMN reporting.ingredient_use.wasted_cost_cents IS 'Cost of what was thrown away, in cents, not rounded.';
COMMENT ON COLUMN reporting.ingredient_use.count_difference_cost_cents IS
    'Cost of what counting found, in cents, not rounded; below zero: missing.';
COMMENT ON COLUMN reporting.ingredient_use.currency IS 'The currency of the costs (ISO 4217).';
