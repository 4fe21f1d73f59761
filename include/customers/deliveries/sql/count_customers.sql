-- One row: what the file's rows had that only shows when they are held against one another and the file's day.
SELECT (SELECT count(*) FROM repeated_customers) AS repeated_count, 0 AS early_count, NULL AS late_count
