CREATE VIEW reporting.shortage AS
SELECT
    location.name AS location_name,
    ingredient.name AS ingredient_name,
    ingredient.unit,
    shortage.level,
    shortage.on_hand AS on_hand_quantity,
    shortage.on_order AS on_order_quantity,
    shortage.reorder_point AS reorder_point_quantity,
    shortage.opened_at,
    shortage.escalated_at,
    shortage.closed_at,
    shortage.closed_at IS NULL AS is_open
FROM inventory.shortage
JOIN gold.dim_location AS location USING (location_key)
JOIN inventory.ingredient USING (ingredient_key);

COMMENT ON VIEW reporting.shortage IS
    'What ran short on the shelves: one row per location, ingredient and time that it was short. The quantities are '
    'those of when it was found so.';
COMMENT ON COLUMN reporting.shortage.location_name IS 'Location.';
COMMENT ON COLUMN reporting.shortage.ingredient_name IS 'Ingredient.';
COMMENT ON COLUMN reporting.shortage.unit IS 'The unit of every quantity in the row, such as kg or each.';
COMMENT ON COLUMN reporting.shortage.level IS
    'low (with what is on order below the reorder point) or out (nothing left).';
COMMENT ON COLUMN reporting.shortage.on_hand_quantity IS 'What there was.';
COMMENT ON COLUMN reporting.shortage.on_order_quantity IS 'Ordered from a supplier and not received then.';
COMMENT ON COLUMN reporting.shortage.reorder_point_quantity IS
    'Below how much it is to be ordered; empty if nothing is known to tell by.';
COMMENT ON COLUMN reporting.shortage.opened_at IS 'When it was found short.';
COMMENT ON COLUMN reporting.shortage.escalated_at IS 'When it last ran out, of what had been low.';
COMMENT ON COLUMN reporting.shortage.closed_at IS 'When it was found to be enough again; empty while it is short.';
COMMENT ON COLUMN reporting.shortage.is_open IS 'Whether it is short now.';
