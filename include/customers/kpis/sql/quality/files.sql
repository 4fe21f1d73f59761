-- One row per file of the 30 days to the day, whatever became of it.
SELECT
    delivery_date,
    kind,
    filename,
    state,
    reason,
    format,
    encoding,
    row_count,
    taken_count,
    rejected_count,
    late_count,
    problem_counts::text AS problem_counts,
    received_by,
    received_at,
    sha256
FROM partner.file
WHERE delivery_date BETWEEN %(recent)s::date AND %(day)s::date
ORDER BY delivery_date DESC, kind COLLATE "C", file_id DESC
