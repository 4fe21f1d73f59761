CREATE VIEW reporting.order_adjustment AS
SELECT
    orders.order_id,
    adjustment.kind,
    adjustment.number,
    orders.business_date,
    location.location_id,
    location.name AS location_name,
    coalesce(orders.closed_at, orders.created_at) AT TIME ZONE location.timezone AS sold_at_local,
    adjustment.name,
    adjustment.percentage,
    adjustment.is_inclusive,
    adjustment.amount_cents,
    orders.currency
FROM silver.orders
JOIN silver.order_adjustments AS adjustment USING (order_key)
JOIN gold.dim_location AS location USING (location_id)
WHERE orders.state = 'COMPLETED';

COMMENT ON VIEW reporting.order_adjustment IS
    'What was put on or taken off completed orders: one row per discount, tax or service charge that an order '
    'states. What was given back later is not taken off.';
COMMENT ON COLUMN reporting.order_adjustment.order_id IS 'Square''s id of the order.';
COMMENT ON COLUMN reporting.order_adjustment.kind IS 'discount, tax or service_charge.';
COMMENT ON COLUMN reporting.order_adjustment.number IS 'Number of it among those of its kind on the order.';
COMMENT ON COLUMN reporting.order_adjustment.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.order_adjustment.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.order_adjustment.location_name IS 'Location.';
COMMENT ON COLUMN reporting.order_adjustment.sold_at_local IS
    'When the order was closed, by the clock of the location.';
COMMENT ON COLUMN reporting.order_adjustment.name IS 'What it is called.';
COMMENT ON COLUMN reporting.order_adjustment.percentage IS 'Its per cent; empty if it is an amount.';
COMMENT ON COLUMN reporting.order_adjustment.is_inclusive IS 'Of a tax: whether it lies in the prices.';
COMMENT ON COLUMN reporting.order_adjustment.amount_cents IS 'How much it was on this order, in cents.';
COMMENT ON COLUMN reporting.order_adjustment.currency IS 'The currency of all amounts (ISO 4217).';
