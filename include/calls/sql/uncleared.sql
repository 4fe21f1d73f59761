-- One row per department that was told of missed calls and not yet that it is over: its newest alert, and how long it has
-- been quiet. Alerts older than `oldest_at` are history.
SELECT DISTINCT ON (alert.location, alert.department)
    alert.location,
    alert.department,
    greatest(alert.window_end_at, missed.last_at, gap.last_at) AS quiet_since_at,
    coalesce(gap.is_open, false) AS is_feed_lost
FROM calls.alert AS alert
LEFT JOIN LATERAL (
    SELECT max(call.ended_at) AS last_at
    FROM calls.call AS call
    WHERE call.location = alert.location
        AND call.department = alert.department
        AND call.is_counted
        AND call.ended_at > alert.window_end_at
) AS missed ON true
LEFT JOIN LATERAL (
    SELECT max(gaps.ended_at) AS last_at, bool_or(gaps.ended_at IS NULL) AS is_open
    FROM inbox.call_feed_gaps AS gaps
    WHERE (gaps.ended_at IS NULL OR gaps.ended_at > alert.window_end_at)
        AND gaps.feed IN (SELECT call.feed FROM calls.call AS call WHERE call.missed_alert_id = alert.alert_id)
) AS gap ON true
WHERE alert.kind = 'missed'
    AND alert.all_clear_at IS NULL
    AND alert.decided_at > %(oldest_at)s
    AND NOT EXISTS (
        SELECT FROM calls.mute
        WHERE mute.location = alert.location
            AND mute.department = alert.department
            AND mute.begin_at <= %(run_at)s
            AND %(run_at)s < mute.until_at
    )
ORDER BY alert.location, alert.department, alert.window_end_at DESC
