-- One row per call that some alerts told the department of.
SELECT
    call_key, location, department, feed, call_id, outcome, caller_number, caller_name, caller_digits, dialled_number,
    wait_seconds, started_at, ended_at
FROM calls.call
WHERE missed_alert_id = ANY(%(alert_ids)s)
ORDER BY ended_at, call_key
