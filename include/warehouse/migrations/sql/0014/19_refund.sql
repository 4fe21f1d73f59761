CREATE VIEW reporting.refund AS
SELECT
    refund.refund_id,
    orders.order_id,
    orders.business_date,
    location.location_id,
    location.name AS location_name,
    location.market,
    refund.refunded_at,
    refund.refunded_at AT TIME ZONE location.timezone AS refunded_at_local,
    refund.status,
    refund.reason,
    refund.amount_cents,
    refund.currency
FROM silver.refunds AS refund
JOIN silver.orders USING (order_key)
JOIN gold.dim_location AS location ON location.location_id = orders.location_id;

COMMENT ON VIEW reporting.refund IS
    'Money that went back: one row per refund. Who gave it back is not known: Square''s orders do not say.';
COMMENT ON COLUMN reporting.refund.refund_id IS 'Square''s id of the refund.';
COMMENT ON COLUMN reporting.refund.order_id IS 'Square''s id of the order that gives back.';
COMMENT ON COLUMN reporting.refund.business_date IS 'Business day of the location on which the sales figures count it.';
COMMENT ON COLUMN reporting.refund.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.refund.location_name IS 'Location.';
COMMENT ON COLUMN reporting.refund.market IS 'Its market, as the chain''s configuration has it.';
COMMENT ON COLUMN reporting.refund.refunded_at IS 'When the refund was made.';
COMMENT ON COLUMN reporting.refund.refunded_at_local IS 'When the refund was made, by the clock of the location.';
COMMENT ON COLUMN reporting.refund.status IS 'APPROVED, PENDING, REJECTED or FAILED, as Square says.';
COMMENT ON COLUMN reporting.refund.reason IS 'Why, as typed at the till; empty if nobody said.';
COMMENT ON COLUMN reporting.refund.amount_cents IS 'Money given back, tax and tips in it; in cents.';
COMMENT ON COLUMN reporting.refund.currency IS 'The currency of the amount (ISO 4217).';
