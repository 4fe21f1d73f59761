CREATE VIEW reporting.call_alert AS
SELECT
    alert.alert_id AS call_alert_id,
    alert.kind,
    alert.location AS location_name,
    alert.department,
    alert.call_count,
    alert.window_begin_at,
    alert.window_end_at,
    alert.decided_at,
    alert.decided_at AT TIME ZONE place.timezone AS decided_at_local,
    alert.all_clear_at
FROM calls.alert
LEFT JOIN LATERAL (
    SELECT location.timezone
    FROM gold.dim_location AS location
    WHERE location.name = alert.location
    ORDER BY location.is_active DESC, location.location_key
    LIMIT 1
) AS place ON true;

COMMENT ON VIEW reporting.call_alert IS 'Mails about missed calls: one row per alert.';
COMMENT ON COLUMN reporting.call_alert.call_alert_id IS 'Number of the alert.';
COMMENT ON COLUMN reporting.call_alert.kind IS
    'missed (went to the department), or unreachable (the telephones never rang: went to who sees to them).';
COMMENT ON COLUMN reporting.call_alert.location_name IS 'Location.';
COMMENT ON COLUMN reporting.call_alert.department IS 'Department.';
COMMENT ON COLUMN reporting.call_alert.call_count IS 'How many calls it told of.';
COMMENT ON COLUMN reporting.call_alert.window_begin_at IS 'Beginning of the time that it tells of.';
COMMENT ON COLUMN reporting.call_alert.window_end_at IS 'End of the time that it tells of.';
COMMENT ON COLUMN reporting.call_alert.decided_at IS 'When it was sent.';
COMMENT ON COLUMN reporting.call_alert.decided_at_local IS 'When it was sent, by the clock of the location.';
COMMENT ON COLUMN reporting.call_alert.all_clear_at IS
    'When the department was told that it is over; empty if it was not.';
