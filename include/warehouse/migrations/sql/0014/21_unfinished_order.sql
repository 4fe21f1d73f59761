CREATE VIEW reporting.unfinished_order AS
SELECT
    orders.order_id,
    orders.state,
    orders.business_date,
    location.location_id,
    location.name AS location_name,
    orders.created_at,
    orders.created_at AT TIME ZONE location.timezone AS created_at_local,
    orders.updated_at,
    orders.source,
    orders.total_cents,
    orders.currency
FROM silver.orders
JOIN gold.dim_location AS location USING (location_id)
WHERE orders.state <> 'COMPLETED';

COMMENT ON VIEW reporting.unfinished_order IS
    'Orders that are no sales: one row per order that is open, a draft or was cancelled.';
COMMENT ON COLUMN reporting.unfinished_order.order_id IS 'Square''s id of the order.';
COMMENT ON COLUMN reporting.unfinished_order.state IS 'OPEN, CANCELED or DRAFT, as Square says.';
COMMENT ON COLUMN reporting.unfinished_order.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.unfinished_order.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.unfinished_order.location_name IS 'Location.';
COMMENT ON COLUMN reporting.unfinished_order.created_at IS 'When it was begun.';
COMMENT ON COLUMN reporting.unfinished_order.created_at_local IS 'When it was begun, by the clock of the location.';
COMMENT ON COLUMN reporting.unfinished_order.updated_at IS 'When it last changed.';
COMMENT ON COLUMN reporting.unfinished_order.source IS
    'What it was rung up with, such as the register or the online shop.';
COMMENT ON COLUMN reporting.unfinished_order.total_cents IS 'What it would come to, or would have, in cents.';
COMMENT ON COLUMN reporting.unfinished_order.currency IS 'The currency of the amount (ISO 4217).';
