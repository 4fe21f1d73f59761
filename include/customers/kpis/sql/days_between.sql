-- One row per number of days between an order and the same customer's next: how often.
WITH between_orders AS (
    SELECT business_date - lag(business_date) OVER (PARTITION BY customer_id ORDER BY business_date) AS day_count
    FROM placed_order
    WHERE business_date <= %(day)s::date AND customer_id IS NOT NULL
)
SELECT day_count, count(*)
FROM between_orders
WHERE day_count IS NOT NULL
GROUP BY day_count
ORDER BY day_count
