-- One row per earlier business day whose orders came with the day's file.
SELECT business_date, count(*)
FROM placed_order
WHERE delivery_date = %(day)s::date AND business_date < delivery_date
GROUP BY business_date
ORDER BY business_date DESC
