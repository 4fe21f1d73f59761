-- One row: what is missing, or was filled, of the customers known by the day.
SELECT
    count(*) AS customer_count,
    count(*) FILTER (WHERE customer_name IS NULL) AS nameless_count,
    count(*) FILTER (WHERE is_name_filled) AS filled_name_count,
    count(*) FILTER (WHERE region IS NULL) AS regionless_count,
    count(*) FILTER (WHERE is_region_filled) AS filled_region_count,
    count(*) FILTER (WHERE mobile_number IS NULL) AS numberless_count
FROM customer
WHERE first_delivery_date <= %(day)s::date
