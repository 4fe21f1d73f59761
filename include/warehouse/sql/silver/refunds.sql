-- One row per refund of the chunk's orders.
INSERT INTO silver.refunds (
    order_key, refund_id, location_id, status, reason, amount_cents, currency, refunded_at
)
SELECT
    written_order.order_key, refund_id, orders.location_id, status, reason, amount_cents, orders.currency, refunded_at
FROM incoming_refund AS incoming
JOIN written_order USING (number)
JOIN incoming_order AS orders USING (number)
ON CONFLICT (order_key, refund_id) DO NOTHING
