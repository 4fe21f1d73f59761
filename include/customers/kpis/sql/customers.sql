-- One row per customer known by the day, or who has ordered by then.
WITH spent AS (
    SELECT
        customer_id,
        count(*) AS order_count,
        sum(amount_cents)::bigint AS revenue_cents,
        min(business_date) AS first_order_date,
        max(business_date) AS last_order_date
    FROM placed_order
    WHERE business_date <= %(day)s::date AND customer_id IS NOT NULL
    GROUP BY customer_id
)
SELECT
    customer.customer_id,
    customer.customer_name,
    customer.mobile_number,
    customer.raw_mobile_number,
    customer.region,
    customer.is_name_filled,
    customer.is_region_filled,
    customer.first_delivery_date,
    coalesce(spent.order_count, 0) AS order_count,
    coalesce(spent.revenue_cents, 0) AS revenue_cents,
    spent.first_order_date,
    spent.last_order_date
FROM customer
LEFT JOIN spent USING (customer_id)
WHERE customer.first_delivery_date <= %(day)s::date OR spent.customer_id IS NOT NULL
ORDER BY customer.customer_id COLLATE "C"
