-- One row: how a department did from one moment to another, of the calls that were answered or counted as missed.
SELECT
    count(*) FILTER (WHERE outcome = 'ANSWERED') AS answered_count,
    count(*) FILTER (WHERE is_counted) AS missed_count
FROM calls.call
WHERE location = %(location)s
    AND department = %(department)s
    AND ended_at > %(begin_at)s
    AND ended_at <= %(end_at)s
