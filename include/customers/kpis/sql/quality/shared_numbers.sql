-- One row per mobile number of several customers.
SELECT mobile_number, count(*) AS customer_count
FROM customer
WHERE mobile_number IS NOT NULL AND first_delivery_date <= %(day)s::date
GROUP BY mobile_number
HAVING count(*) > 1
ORDER BY customer_count DESC, mobile_number
