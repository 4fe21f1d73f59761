-- One row per month with orders, to the day; with what it brought up to the last of the same days of the month before,
-- which says something of that month only.
WITH first_order AS (
    SELECT customer_id, min(business_date) AS first_order_date
    FROM placed_order
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
),
new_customers AS (
    SELECT date_trunc('month', first_order_date)::date AS month_date, count(*) AS new_customer_count
    FROM first_order
    WHERE first_order_date <= %(day)s::date
    GROUP BY date_trunc('month', first_order_date)::date
),
by_month AS (
    SELECT
        date_trunc('month', business_date)::date AS month_date,
        count(*) AS order_count,
        count(DISTINCT customer_id) AS customer_count,
        sum(sku_count)::bigint AS sku_count,
        sum(amount_cents)::bigint AS revenue_cents,
        coalesce(sum(amount_cents) FILTER (WHERE business_date <= %(same_day_before)s::date), 0)::bigint
            AS same_days_revenue_cents
    FROM placed_order
    WHERE business_date <= %(day)s::date
    GROUP BY date_trunc('month', business_date)::date
)
SELECT
    by_month.month_date,
    by_month.order_count,
    by_month.customer_count,
    coalesce(new_customers.new_customer_count, 0) AS new_customer_count,
    by_month.sku_count,
    by_month.revenue_cents,
    by_month.same_days_revenue_cents
FROM by_month
LEFT JOIN new_customers USING (month_date)
ORDER BY by_month.month_date
