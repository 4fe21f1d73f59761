-- One row per order that was assessed before, of those asked for, with what its alerts said.
SELECT
    known.provider,
    known.order_id,
    known.version,
    known.updated_at,
    known.location_name,
    known.is_cancelled,
    told.alert_count,
    told.kind,
    told.reason,
    told.total_cents,
    told.due_at,
    told.recipients
FROM unnest(%(providers)s::text[], %(order_ids)s::text[]) AS asked (provider, order_id)
JOIN online_orders.online_order AS known USING (provider, order_id)
-- The newest alert of the order, and everybody who ever got one.
LEFT JOIN LATERAL (
    SELECT
        count(*) OVER () AS alert_count,
        alert.kind,
        alert.reason,
        alert.total_cents,
        alert.due_at,
        ARRAY(
            SELECT DISTINCT unnest(any_alert.recipients)
            FROM online_orders.alert AS any_alert
            WHERE any_alert.online_order_key = known.online_order_key
        ) AS recipients
    FROM online_orders.alert
    WHERE alert.online_order_key = known.online_order_key
    ORDER BY alert.alert_key DESC
    LIMIT 1
) AS told ON true
