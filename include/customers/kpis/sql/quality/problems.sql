-- One row per problem with a row of the files that hold for the day.
SELECT
    file.delivery_date,
    file.filename,
    problem.row_number,
    problem.column_name,
    problem.kind,
    problem.is_rejected,
    problem.value,
    problem.message
FROM partner.file_problem AS problem
JOIN partner.file AS file USING (file_id)
WHERE file.state = 'loaded' AND file.delivery_date = %(day)s::date
ORDER BY file.kind COLLATE "C", problem.row_number, problem.column_name COLLATE "C" NULLS FIRST, problem.kind COLLATE "C"
