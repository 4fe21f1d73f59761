-- One row per customer with more than one order by the day.
WITH spent AS (
    SELECT
        customer_id,
        count(*) FILTER (WHERE business_date = %(day)s::date) AS day_order_count,
        count(*) AS order_count,
        coalesce(sum(amount_cents) FILTER (WHERE business_date = %(day)s::date), 0)::bigint AS day_revenue_cents,
        sum(amount_cents)::bigint AS revenue_cents,
        min(business_date) AS first_order_date,
        max(business_date) AS last_order_date
    FROM placed_order
    WHERE business_date <= %(day)s::date AND customer_id IS NOT NULL
    GROUP BY customer_id
    HAVING count(*) > 1
)
SELECT
    spent.customer_id,
    customer.customer_name,
    customer.mobile_number,
    customer.region,
    spent.day_order_count,
    spent.order_count,
    spent.day_revenue_cents,
    spent.revenue_cents,
    spent.first_order_date,
    spent.last_order_date
FROM spent
JOIN customer USING (customer_id)
ORDER BY spent.day_order_count DESC, spent.order_count DESC, spent.customer_id COLLATE "C"
