CREATE VIEW reporting.order_line_modifier AS
SELECT
    orders.order_id,
    line.line_number,
    modifier.modifier_number,
    orders.business_date,
    location.location_id,
    location.name AS location_name,
    line.item_name,
    line.variation_name,
    modifier.product_id,
    modifier.name AS modifier_name,
    modifier.quantity * line.quantity AS quantity,
    modifier.base_price_cents,
    modifier.total_cents AS gross_cents,
    orders.currency
FROM silver.orders
JOIN silver.order_lines AS line USING (order_key)
JOIN silver.order_line_modifiers AS modifier USING (order_key, line_number)
JOIN gold.dim_location AS location USING (location_id)
WHERE orders.state = 'COMPLETED';

COMMENT ON VIEW reporting.order_line_modifier IS
    'Modifiers on the lines of completed orders: one row per modifier of a line.';
COMMENT ON COLUMN reporting.order_line_modifier.order_id IS 'Square''s id of the order.';
COMMENT ON COLUMN reporting.order_line_modifier.line_number IS 'Number of the line that it is on.';
COMMENT ON COLUMN reporting.order_line_modifier.modifier_number IS 'Number of the modifier on the line, from 1.';
COMMENT ON COLUMN reporting.order_line_modifier.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.order_line_modifier.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.order_line_modifier.location_name IS 'Location.';
COMMENT ON COLUMN reporting.order_line_modifier.item_name IS 'Item that it is on, as it was called then.';
COMMENT ON COLUMN reporting.order_line_modifier.variation_name IS 'That item''s variation, such as the size.';
COMMENT ON COLUMN reporting.order_line_modifier.product_id IS 'Square''s id of the modifier.';
COMMENT ON COLUMN reporting.order_line_modifier.modifier_name IS 'Modifier, as it was called then.';
COMMENT ON COLUMN reporting.order_line_modifier.quantity IS 'How many: times the items on the line.';
COMMENT ON COLUMN reporting.order_line_modifier.base_price_cents IS
    'Price of one, in cents; 0 if it costs nothing extra.';
COMMENT ON COLUMN reporting.order_line_modifier.gross_cents IS 'What it added to the line before discounts, in cents.';
COMMENT ON COLUMN reporting.order_line_modifier.currency IS 'The currency of all amounts (ISO 4217).';
