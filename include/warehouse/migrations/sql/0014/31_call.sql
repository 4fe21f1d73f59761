CREATE VIEW reporting.call AS
SELECT
    call.call_key AS call_id,
    call.business_date,
    call.location AS location_name,
    call.department,
    call.started_at,
    call.started_at AT TIME ZONE place.timezone AS started_at_local,
    call.ended_at,
    call.outcome,
    call.outcome = 'ANSWERED' AS is_answered,
    call.is_missed,
    call.is_counted,
    call.uncounted_because,
    call.ring_seconds,
    call.wait_seconds,
    call.talk_seconds,
    call.missed_alert_id AS call_alert_id,
    call.is_missed AND EXISTS (
        SELECT FROM calls.call AS later
        WHERE later.location = call.location
            AND later.caller_digits = call.caller_digits
            AND later.outcome = 'ANSWERED'
            AND later.started_at >= call.ended_at
            AND later.started_at < call.ended_at + interval '1 day'
    ) AS is_reached_later
FROM calls.call
LEFT JOIN LATERAL (
    SELECT location.timezone
    FROM gold.dim_location AS location
    WHERE location.name = call.location
    ORDER BY location.is_active DESC, location.location_key
    LIMIT 1
) AS place ON true;

COMMENT ON VIEW reporting.call IS 'Telephone calls, answered and missed, without who called: one row per call.';
COMMENT ON COLUMN reporting.call.call_id IS 'Our number of the call.';
COMMENT ON COLUMN reporting.call.business_date IS
    'Business day of the location; empty while nobody has configured the number that was called.';
COMMENT ON COLUMN reporting.call.location_name IS 'Location that was called.';
COMMENT ON COLUMN reporting.call.department IS 'Department that was called.';
COMMENT ON COLUMN reporting.call.started_at IS 'When it began to come in.';
COMMENT ON COLUMN reporting.call.started_at_local IS 'When it began to come in, by the clock of the location.';
COMMENT ON COLUMN reporting.call.ended_at IS 'When it ended.';
COMMENT ON COLUMN reporting.call.outcome IS
    'ANSWERED, or why not: CALLER_GAVE_UP, RANG_OUT, BUSY, PHONES_UNREACHABLE, VOICEMAIL, HUNG_UP_EARLY, '
    'QUEUE_ABANDONED, QUEUE_TIMEOUT, QUEUE_FULL, QUEUE_EMPTY; UNKNOWN and UNKNOWN_GAP where the phone system did '
    'not tell.';
COMMENT ON COLUMN reporting.call.is_answered IS 'Whether somebody answered.';
COMMENT ON COLUMN reporting.call.is_missed IS 'Whether nobody did. Neither, where it is unknown.';
COMMENT ON COLUMN reporting.call.is_counted IS
    'Whether it counts towards alerts: missed, in opening hours, and not hung up at once.';
COMMENT ON COLUMN reporting.call.uncounted_because IS
    'Why a missed call does not count: outcome, closed, short_abandon or unconfigured.';
COMMENT ON COLUMN reporting.call.ring_seconds IS 'Seconds that a telephone rang.';
COMMENT ON COLUMN reporting.call.wait_seconds IS 'Seconds from its beginning until it was answered or ended.';
COMMENT ON COLUMN reporting.call.talk_seconds IS 'Seconds that were talked.';
COMMENT ON COLUMN reporting.call.call_alert_id IS 'The alert that told the department of it; empty if none did.';
COMMENT ON COLUMN reporting.call.is_reached_later IS
    'Of a missed call: whether the same number called the location again and was answered within a day.';
