-- One row per call of a location's business day.
SELECT
    call_key, location, department, feed, call_id, outcome, caller_number, caller_name, caller_digits, dialled_number,
    wait_seconds, started_at, ended_at, is_missed, is_counted, uncounted_because
FROM calls.call
WHERE location = %(location)s
    AND business_date = %(business_date)s
ORDER BY ended_at, call_key
