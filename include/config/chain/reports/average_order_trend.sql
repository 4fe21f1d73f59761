-- One row per week, location and currency: what an order brings, and how that changed against the week before.
WITH week AS (
    SELECT
        location_name,
        currency,
        reporting.period_start('week', business_date) AS week,
        sum(order_count) AS order_count,
        sum(net_cents) AS net_cents,
        sum(net_cents) / nullif(sum(order_count), 0) AS average_cents
    FROM daily_sales
    WHERE business_date >= reporting.period_start('week', :first_day)
        -- Whole weeks: the one of the last day if that is its Sunday.
        AND business_date < reporting.period_start('week', :last_day + 1)
    GROUP BY location_name, currency, reporting.period_start('week', business_date)
)
SELECT
    week,
    location_name AS location,
    order_count AS orders,
    (net_cents / 100)::numeric(14, 2) AS net_sales,
    (average_cents / 100)::numeric(14, 2) AS average_order,
    (100 * (average_cents / nullif(lag(average_cents) OVER earlier, 0) - 1))::numeric(8, 1) AS change_percent,
    currency
FROM week
WINDOW earlier AS (PARTITION BY location_name, currency ORDER BY week)
ORDER BY location, currency, week
