-- How many orders without a customer are older than those listed.
SELECT count(*)
FROM placed_order
WHERE customer_id IS NULL AND business_date < %(recent)s::date AND delivery_date < %(recent)s::date
