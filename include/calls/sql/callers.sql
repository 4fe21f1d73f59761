-- One row per caller of an alert: how often missed at this location since the window began, and when last answered there.
SELECT
    caller_digits,
    count(*) FILTER (WHERE is_missed) AS missed_count,
    max(started_at) FILTER (WHERE outcome = 'ANSWERED') AS answered_at
FROM calls.call
WHERE location = %(location)s
    AND caller_digits = ANY(%(callers)s)
    AND started_at >= %(since_at)s
GROUP BY caller_digits
