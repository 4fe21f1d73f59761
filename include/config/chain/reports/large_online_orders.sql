-- One row per alert about a large online order: why it was sent, and how soon after the order was placed.
SELECT
    online_order.placed_at_local AS placed,
    online_order.due_at_local AS wanted,
    online_order.location_name AS location,
    online_order.provider,
    online_order.order_id AS order_number,
    online_order_alert.kind AS alert,
    online_order_alert.reason,
    (online_order_alert.total_cents / 100.0)::numeric(14, 2) AS order_total,
    online_order.item_count AS different_items,
    CASE WHEN online_order_alert.kind = 'placed'
        THEN extract(epoch FROM online_order_alert.decided_at - online_order.placed_at)::numeric(12, 0)
    END AS seconds_until_told,
    online_order_alert.recipient_count AS told_addresses,
    online_order.currency
FROM online_order_alert
JOIN online_order USING (provider, order_id)
WHERE online_order.business_date BETWEEN :first_day AND :last_day
    AND (:kind = 'all' OR online_order_alert.kind = :kind)
ORDER BY online_order_alert.decided_at DESC, online_order.order_id
