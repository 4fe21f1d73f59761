-- One row per location and department: how its calls went over the days asked for.
WITH calls AS (
    SELECT
        location_name,
        department,
        count(*) AS call_count,
        count(*) FILTER (WHERE is_answered) AS answered_count,
        count(*) FILTER (WHERE is_missed) AS missed_count,
        count(*) FILTER (WHERE is_counted) AS counted_count,
        count(*) FILTER (WHERE is_counted AND is_reached_later) AS reached_count,
        count(*) FILTER (WHERE is_missed AND uncounted_because = 'closed') AS closed_count,
        avg(wait_seconds) FILTER (WHERE is_answered) AS answered_wait_seconds,
        avg(wait_seconds) FILTER (WHERE is_counted) AS missed_wait_seconds
    FROM call
    WHERE business_date BETWEEN :first_day AND :last_day
    GROUP BY location_name, department
),
alerts AS (
    SELECT call_alert.location_name, call_alert.department, count(*) AS alert_count
    FROM call_alert
    WHERE call_alert.kind = 'missed' AND call_alert.decided_at_local::date BETWEEN :first_day AND :last_day
    GROUP BY call_alert.location_name, call_alert.department
)
SELECT
    location_name AS location,
    department,
    calls.call_count AS calls,
    calls.answered_count AS answered,
    calls.counted_count AS missed_in_opening_hours,
    calls.closed_count AS missed_while_closed,
    (100.0 * calls.counted_count / nullif(calls.answered_count + calls.counted_count, 0))::numeric(6, 1)
        AS missed_percent,
    calls.counted_count - calls.reached_count AS never_reached_later,
    calls.answered_wait_seconds::numeric(10, 1) AS seconds_until_answered,
    calls.missed_wait_seconds::numeric(10, 1) AS seconds_until_given_up,
    coalesce(alerts.alert_count, 0) AS alerts
FROM calls
LEFT JOIN alerts USING (location_name, department)
ORDER BY missed_percent DESC NULLS LAST, location, department
