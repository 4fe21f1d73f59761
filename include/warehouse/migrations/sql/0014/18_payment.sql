CREATE VIEW reporting.payment AS
SELECT
    orders.order_id,
    tender.number,
    orders.business_date,
    location.location_id,
    location.name AS location_name,
    tender.paid_at,
    tender.paid_at AT TIME ZONE location.timezone AS paid_at_local,
    tender.tender_type,
    tender.amount_cents,
    tender.tip_cents,
    orders.currency
FROM silver.orders
JOIN silver.order_tenders AS tender USING (order_key)
JOIN gold.dim_location AS location USING (location_id)
WHERE orders.state = 'COMPLETED';

COMMENT ON VIEW reporting.payment IS 'How completed orders were paid: one row per payment of an order.';
COMMENT ON COLUMN reporting.payment.order_id IS 'Square''s id of the order.';
COMMENT ON COLUMN reporting.payment.number IS 'Number of the payment among the order''s, from 1.';
COMMENT ON COLUMN reporting.payment.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.payment.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.payment.location_name IS 'Location.';
COMMENT ON COLUMN reporting.payment.paid_at IS 'When it was paid.';
COMMENT ON COLUMN reporting.payment.paid_at_local IS 'When it was paid, by the clock of the location.';
COMMENT ON COLUMN reporting.payment.tender_type IS 'Square''s kind of payment, such as CARD, CASH or WALLET.';
COMMENT ON COLUMN reporting.payment.amount_cents IS 'What was paid, the tip in it, in cents.';
COMMENT ON COLUMN reporting.payment.tip_cents IS 'The tip in it, in cents.';
COMMENT ON COLUMN reporting.payment.currency IS 'The currency of all amounts (ISO 4217).';
