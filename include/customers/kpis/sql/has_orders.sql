SELECT count(*) > 0
FROM placed_order
WHERE business_date = %(day)s::date
