CREATE VIEW reporting.square_difference AS
SELECT
    difference.found_date,
    difference.found_at,
    difference.found_by,
    location.name AS location_name,
    ingredient.name AS ingredient_name,
    ingredient.unit,
    difference.ledger_quantity,
    difference.square_quantity,
    coalesce(difference.square_quantity, 0) - difference.ledger_quantity AS difference_quantity,
    (coalesce(difference.square_quantity, 0) - difference.ledger_quantity) * cost.unit_cost_cents
        AS difference_cost_cents,
    cost.currency
FROM inventory.square_difference AS difference
JOIN gold.dim_location AS location USING (location_key)
JOIN inventory.ingredient USING (ingredient_key)
LEFT JOIN inventory.ingredient_cost AS cost
    ON cost.ingredient_key = difference.ingredient_key
    AND difference.found_date >= cost.valid_from_date
    AND difference.found_date < cost.valid_to_date;

COMMENT ON VIEW reporting.square_difference IS
    'Where Square''s count was not ours: one row per location and ingredient and time that it was found.';
COMMENT ON COLUMN reporting.square_difference.found_date IS
    'The business day that the comparison closes, or the day on which a count found it.';
COMMENT ON COLUMN reporting.square_difference.found_at IS 'When it was found.';
COMMENT ON COLUMN reporting.square_difference.found_by IS
    'comparison (the daily one), or count: just before a count put it right.';
COMMENT ON COLUMN reporting.square_difference.location_name IS 'Location.';
COMMENT ON COLUMN reporting.square_difference.ingredient_name IS 'Ingredient.';
COMMENT ON COLUMN reporting.square_difference.unit IS 'The unit of every quantity in the row, such as kg or each.';
COMMENT ON COLUMN reporting.square_difference.ledger_quantity IS 'What there was by our ledger.';
COMMENT ON COLUMN reporting.square_difference.square_quantity IS 'What Square said; empty: it counted nothing there.';
COMMENT ON COLUMN reporting.square_difference.difference_quantity IS 'Square''s less ours.';
COMMENT ON COLUMN reporting.square_difference.difference_cost_cents IS 'Its cost on that day, in cents, not rounded.';
COMMENT ON COLUMN reporting.square_difference.currency IS 'The currency of the cost (ISO 4217).';
