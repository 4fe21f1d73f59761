-- One row: what the file's rows had that only shows when they are held against one another and the file's day.
SELECT (SELECT count(*) FROM repeated_orders) AS repeated_count,
    count(*) FILTER (WHERE business_date > %(delivery_date)s::date) AS early_count,
    count(DISTINCT order_id) FILTER (WHERE business_date < %(delivery_date)s::date) AS late_count
FROM staged_orders
