-- One row per customer among those who spent most in the last 30 days; who spent the same has the same rank.
WITH spent AS (
    SELECT
        customer_id,
        count(*) AS order_count,
        sum(amount_cents)::bigint AS revenue_cents,
        max(business_date) AS last_order_date
    FROM placed_order
    WHERE business_date BETWEEN %(recent)s::date AND %(day)s::date AND customer_id IS NOT NULL
    GROUP BY customer_id
),
ranked AS (
    SELECT
        *,
        rank() OVER (ORDER BY revenue_cents DESC) AS customer_rank,
        row_number() OVER (ORDER BY revenue_cents DESC, customer_id COLLATE "C") AS position
    FROM spent
)
SELECT
    ranked.customer_rank,
    ranked.customer_id,
    customer.customer_name,
    customer.mobile_number,
    customer.region,
    ranked.revenue_cents,
    ranked.order_count,
    ranked.last_order_date
FROM ranked
JOIN customer USING (customer_id)
WHERE ranked.position <= %(count)s::bigint
ORDER BY ranked.position
