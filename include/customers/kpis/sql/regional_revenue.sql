-- One row per region that sold in the month to the day, or in the same days of the month before.
WITH in_period AS (
    SELECT
        *,
        business_date = %(day)s::date AS is_day,
        business_date >= %(month)s::date AS is_month
    FROM placed_order
    WHERE business_date BETWEEN %(month)s::date AND %(day)s::date
        OR business_date BETWEEN %(month_before)s::date AND %(same_day_before)s::date
)
SELECT
    region,
    coalesce(sum(amount_cents) FILTER (WHERE is_day), 0)::bigint AS day_revenue_cents,
    count(*) FILTER (WHERE is_day) AS day_order_count,
    count(DISTINCT customer_id) FILTER (WHERE is_day) AS day_customer_count,
    coalesce(sum(amount_cents) FILTER (WHERE is_month), 0)::bigint AS month_revenue_cents,
    count(*) FILTER (WHERE is_month) AS month_order_count,
    count(DISTINCT customer_id) FILTER (WHERE is_month) AS month_customer_count,
    coalesce(sum(amount_cents) FILTER (WHERE NOT is_month), 0)::bigint AS before_revenue_cents
FROM in_period
GROUP BY region
ORDER BY region IN ('(no customer)', '(no region)'), month_revenue_cents DESC, region COLLATE "C"
