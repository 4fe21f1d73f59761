-- One row per week, kind of customer and currency: orders and net sales of those who came for the first time, who came
-- again, and who are not known.
WITH sale AS (
    SELECT
        reporting.period_start('week', orders.business_date) AS week,
        CASE
            WHEN orders.customer_id IS NULL THEN 'not known'
            WHEN customer.first_order_at >= orders.sold_at THEN 'new'
            ELSE 'returning'
        END AS customers,
        orders.customer_id,
        orders.currency,
        orders.is_sale,
        orders.net_cents
    FROM orders
    LEFT JOIN customer USING (customer_id, currency)
    WHERE orders.business_date >= reporting.period_start('week', :first_day)
        AND orders.business_date < reporting.period_start('week', :last_day + 1)
),
week AS (
    SELECT
        week,
        customers,
        currency,
        count(DISTINCT customer_id) AS customer_count,
        count(*) FILTER (WHERE is_sale) AS order_count,
        sum(net_cents) AS net_cents
    FROM sale
    GROUP BY week, customers, currency
)
SELECT
    week,
    customers,
    nullif(customer_count, 0) AS different_customers,
    order_count AS orders,
    (net_cents / 100)::numeric(14, 2) AS net_sales,
    (net_cents / 100 / nullif(order_count, 0))::numeric(14, 2) AS average_order,
    (100.0 * order_count / nullif(sum(order_count) OVER (PARTITION BY week, currency), 0))::numeric(6, 1)
        AS percent_of_orders,
    currency
FROM week
ORDER BY week, customers, currency
