-- One row per call whose number was nobody's when it came in, and is somebody's now.
UPDATE calls.call
SET location = placed.location,
    department = placed.department,
    business_date = placed.business_date,
    is_counted = placed.is_counted,
    uncounted_because = placed.uncounted_because
FROM unnest(
    %(call_keys)s::bigint[], %(locations)s::text[], %(departments)s::text[], %(business_dates)s::date[],
    %(are_counted)s::boolean[], %(uncounted_becauses)s::text[]
) AS placed (call_key, location, department, business_date, is_counted, uncounted_because)
WHERE call.call_key = placed.call_key
