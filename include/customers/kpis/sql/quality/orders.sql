-- One row: the orders to the day, and those of them without a customer.
SELECT
    count(*) AS order_count,
    count(*) FILTER (WHERE customer_id IS NULL) AS unmatched_count
FROM placed_order
WHERE business_date <= %(day)s::date
