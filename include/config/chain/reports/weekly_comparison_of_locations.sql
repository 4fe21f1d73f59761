-- One row per location and currency: the week of the day asked for, the week before, and the same week a year before.
WITH week AS (
    SELECT reporting.period_start('week', :day) AS monday
),
figures AS (
    SELECT
        location_name,
        market,
        currency,
        sum(order_count) FILTER (WHERE business_date >= monday) AS order_count,
        sum(net_cents) FILTER (WHERE business_date >= monday) AS net_cents,
        sum(net_cents) FILTER (WHERE business_date BETWEEN monday - 7 AND monday - 1) AS before_cents,
        sum(net_cents) FILTER (WHERE business_date < monday - 7) AS year_before_cents,
        sum(discount_cents) FILTER (WHERE business_date >= monday) AS discount_cents,
        sum(refund_cents) FILTER (WHERE business_date >= monday) AS refund_cents
    FROM daily_sales
    CROSS JOIN week
    WHERE business_date BETWEEN monday - 7 AND monday + 6
        -- 52 weeks: the same weekdays.
        OR business_date BETWEEN monday - 364 AND monday - 358
    GROUP BY location_name, market, currency
)
SELECT
    location_name AS location,
    market,
    coalesce(order_count, 0) AS orders,
    (coalesce(net_cents, 0) / 100)::numeric(14, 2) AS net_sales,
    (net_cents / 100 / nullif(order_count, 0))::numeric(14, 2) AS average_order,
    (before_cents / 100)::numeric(14, 2) AS net_sales_week_before,
    (100 * (coalesce(net_cents, 0) / nullif(before_cents, 0) - 1))::numeric(8, 1) AS change_percent,
    (year_before_cents / 100)::numeric(14, 2) AS net_sales_year_before,
    (100 * (coalesce(net_cents, 0) / nullif(year_before_cents, 0) - 1))::numeric(8, 1) AS change_on_year_percent,
    (100 * discount_cents / nullif(net_cents + discount_cents + refund_cents, 0))::numeric(6, 1) AS discount_percent,
    (100 * refund_cents / nullif(net_cents + refund_cents, 0))::numeric(6, 1) AS refund_percent,
    rank() OVER (PARTITION BY currency ORDER BY net_cents DESC NULLS LAST) AS sales_rank,
    currency
FROM figures
ORDER BY currency, sales_rank, location
