-- One row per missed call of late that an alert may still tell of: the department's, IT's, or both.
SELECT
    call_key, location, department, feed, call_id, outcome, caller_number, caller_name, caller_digits, dialled_number,
    wait_seconds, started_at, ended_at,
    is_counted AND missed_alert_id IS NULL AS is_for_department,
    -- Whether the shop cares for the outcome is nothing to IT.
    outcome = 'PHONES_UNREACHABLE' AND (is_counted OR uncounted_because = 'outcome')
        AND unreachable_alert_id IS NULL AS is_for_it
FROM calls.call
WHERE is_missed
    AND location IS NOT NULL
    AND ended_at > %(oldest_at)s
    AND (
        (is_counted AND missed_alert_id IS NULL)
        OR (outcome = 'PHONES_UNREACHABLE' AND unreachable_alert_id IS NULL)
    )
    AND NOT EXISTS (
        SELECT FROM calls.mute
        WHERE mute.location = call.location
            AND mute.department = call.department
            AND (
                (mute.begin_at <= %(run_at)s AND %(run_at)s < mute.until_at)
                OR (mute.begin_at <= call.ended_at AND call.ended_at < mute.until_at)
            )
    )
ORDER BY ended_at, call_key
