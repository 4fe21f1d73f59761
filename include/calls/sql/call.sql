-- One row per call of the inbox that is being worked on. A call that is here already stays as it was placed.
INSERT INTO calls.call (
    call_key, feed, call_id, location, department, business_date, outcome, is_counted, uncounted_because,
    caller_number, caller_name, dialled_number, phone_system_name,
    ring_seconds, wait_seconds, talk_seconds, legs_tried, started_at, answered_at, ended_at
)
SELECT
    call_key, inbox.feed, inbox.call_id, placed.location, placed.department, placed.business_date, inbox.outcome,
    placed.is_counted, placed.uncounted_because,
    inbox.caller_number, inbox.caller_name, inbox.dialled_number, inbox.department,
    inbox.ring_seconds, inbox.wait_seconds, inbox.talk_seconds, inbox.legs_tried,
    inbox.started_at, inbox.answered_at, inbox.ended_at
FROM unnest(
    %(call_keys)s::bigint[], %(locations)s::text[], %(departments)s::text[], %(business_dates)s::date[],
    %(are_counted)s::boolean[], %(uncounted_becauses)s::text[]
) AS placed (call_key, location, department, business_date, is_counted, uncounted_because)
JOIN inbox.call AS inbox USING (call_key)
ON CONFLICT DO NOTHING
