CREATE VIEW reporting.online_order_alert AS
SELECT
    alert.alert_key AS online_order_alert_id,
    online_order.provider,
    online_order.order_id,
    online_order.location_name,
    alert.kind,
    alert.reason,
    alert.total_cents,
    alert.due_at,
    alert.decided_at,
    cardinality(alert.recipients) AS recipient_count,
    online_order.currency
FROM online_orders.alert
JOIN online_orders.online_order USING (online_order_key);

COMMENT ON VIEW reporting.online_order_alert IS 'Mails about large online orders: one row per alert.';
COMMENT ON COLUMN reporting.online_order_alert.online_order_alert_id IS 'Number of the alert.';
COMMENT ON COLUMN reporting.online_order_alert.provider IS 'Where the order was placed.';
COMMENT ON COLUMN reporting.online_order_alert.order_id IS 'The provider''s id of the order.';
COMMENT ON COLUMN reporting.online_order_alert.location_name IS 'Location.';
COMMENT ON COLUMN reporting.online_order_alert.kind IS 'placed, changed or cancelled.';
COMMENT ON COLUMN reporting.online_order_alert.reason IS 'Why the order is large, in words.';
COMMENT ON COLUMN reporting.online_order_alert.total_cents IS 'What the order came to then, in cents.';
COMMENT ON COLUMN reporting.online_order_alert.due_at IS 'For when it was wanted then; empty: as soon as possible.';
COMMENT ON COLUMN reporting.online_order_alert.decided_at IS 'When the alert was sent.';
COMMENT ON COLUMN reporting.online_order_alert.recipient_count IS 'To how many addresses it went.';
COMMENT ON COLUMN reporting.online_order_alert.currency IS 'The currency of the amount (ISO 4217).';
