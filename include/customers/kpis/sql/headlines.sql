-- One row: the figures of a day and of all history to it.
WITH placed AS (
    SELECT * FROM placed_order WHERE business_date <= %(day)s::date
),
by_customer AS (
    SELECT
        customer_id,
        count(*) AS order_count,
        count(*) FILTER (WHERE business_date = %(day)s::date) AS day_order_count,
        min(business_date) AS first_order_date
    FROM placed
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
),
customers AS (
    SELECT
        count(*) FILTER (WHERE day_order_count > 0) AS day_customer_count,
        count(*) FILTER (WHERE first_order_date = %(day)s::date) AS new_customer_count,
        count(*) FILTER (WHERE day_order_count > 1) AS day_repeat_count,
        count(*) AS customer_count,
        count(*) FILTER (WHERE order_count > 1) AS repeat_count
    FROM by_customer
),
orders AS (
    SELECT
        count(*) FILTER (WHERE business_date = %(day)s::date) AS order_count,
        coalesce(sum(amount_cents) FILTER (WHERE business_date = %(day)s::date), 0)::bigint AS revenue_cents,
        coalesce(sum(sku_count) FILTER (WHERE business_date = %(day)s::date), 0)::bigint AS sku_count,
        coalesce(sum(amount_cents) FILTER (WHERE business_date = %(before)s::date), 0)::bigint AS before_cents,
        coalesce(sum(amount_cents) FILTER (WHERE business_date = %(week_before)s::date), 0)::bigint AS week_before_cents,
        coalesce(sum(amount_cents) FILTER (WHERE business_date >= %(month)s::date), 0)::bigint AS month_cents,
        count(*) FILTER (WHERE business_date = %(day)s::date AND customer_id IS NULL) AS unmatched_count,
        coalesce(
            sum(amount_cents) FILTER (WHERE business_date = %(day)s::date AND customer_id IS NULL), 0
        )::bigint AS unmatched_cents
    FROM placed
),
late AS (
    SELECT count(*) AS late_count
    FROM placed_order
    WHERE delivery_date = %(day)s::date AND business_date < delivery_date
),
spent AS (
    SELECT customer_id, sum(amount_cents)::bigint AS amount_cents
    FROM placed
    WHERE customer_id IS NOT NULL AND business_date >= %(recent)s::date
    GROUP BY customer_id
),
ranked AS (
    SELECT
        amount_cents,
        row_number() OVER (ORDER BY amount_cents DESC) AS position,
        count(*) OVER () AS customer_count
    FROM spent
),
-- The tenth part of the customers, a part of one counted as one.
decile AS (
    SELECT
        coalesce(sum(amount_cents) FILTER (WHERE (position - 1) * 10 < customer_count), 0)::bigint AS decile_cents,
        coalesce(sum(amount_cents), 0)::bigint AS matched_cents
    FROM ranked
)
SELECT
    orders.order_count,
    orders.revenue_cents,
    orders.sku_count,
    orders.before_cents,
    orders.week_before_cents,
    orders.month_cents,
    orders.unmatched_count,
    orders.unmatched_cents,
    customers.day_customer_count,
    customers.new_customer_count,
    customers.day_repeat_count,
    customers.customer_count,
    customers.repeat_count,
    late.late_count,
    decile.decile_cents,
    decile.matched_cents
FROM orders
CROSS JOIN customers
CROSS JOIN late
CROSS JOIN decile
