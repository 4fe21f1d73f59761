CREATE VIEW reporting.stock AS
SELECT
    stock.location_name,
    stock.ingredient_name,
    stock.unit,
    stock.on_hand AS on_hand_quantity,
    coalesce(on_order.quantity, 0) AS on_order_quantity,
    on_order.expected_date,
    stock.unit_cost_cents,
    stock.value_cents,
    stock.currency
FROM inventory.stock
LEFT JOIN inventory.on_order USING (location_key, ingredient_key)
WHERE stock.is_taken_over;

COMMENT ON VIEW reporting.stock IS
    'What is on the shelves now: one row per location and ingredient of which somebody has said how much there is.';
COMMENT ON COLUMN reporting.stock.location_name IS 'Location.';
COMMENT ON COLUMN reporting.stock.ingredient_name IS 'Ingredient.';
COMMENT ON COLUMN reporting.stock.unit IS 'The unit of every quantity in the row, such as kg or each.';
COMMENT ON COLUMN reporting.stock.on_hand_quantity IS
    'What there is. Below zero: more was sold than was booked as received or counted.';
COMMENT ON COLUMN reporting.stock.on_order_quantity IS 'Ordered from a supplier and not received yet.';
COMMENT ON COLUMN reporting.stock.expected_date IS 'When the next delivery of it is expected; empty if none is.';
COMMENT ON COLUMN reporting.stock.unit_cost_cents IS
    'What one unit costs today, in cents; empty without a known price.';
COMMENT ON COLUMN reporting.stock.value_cents IS 'On hand times unit cost, in cents.';
COMMENT ON COLUMN reporting.stock.currency IS 'The currency of cost and value (ISO 4217).';
