-- One row per location, weekday, hour by its clock, and currency: what such an hour brings on a day with sales.
WITH trading_day AS (
    SELECT daily_sales.location_name, calendar.weekday, count(DISTINCT daily_sales.business_date) AS day_count
    FROM daily_sales
    JOIN calendar ON calendar.date = daily_sales.business_date
    WHERE daily_sales.business_date BETWEEN :first_day AND :last_day
    GROUP BY daily_sales.location_name, calendar.weekday
),
hour_of_week AS (
    SELECT
        hourly_sales.location_name,
        calendar.weekday,
        calendar.weekday_name,
        hourly_sales.hour,
        hourly_sales.currency,
        sum(hourly_sales.order_count) AS order_count,
        sum(hourly_sales.net_cents) AS net_cents
    FROM hourly_sales
    JOIN calendar ON calendar.date = hourly_sales.business_date
    WHERE hourly_sales.business_date BETWEEN :first_day AND :last_day
    GROUP BY
        hourly_sales.location_name, calendar.weekday, calendar.weekday_name, hourly_sales.hour, hourly_sales.currency
)
SELECT
    location_name AS location,
    hour_of_week.weekday_name AS weekday,
    hour_of_week.hour,
    (hour_of_week.order_count::numeric / trading_day.day_count)::numeric(10, 1) AS orders_per_day,
    (hour_of_week.net_cents / 100 / trading_day.day_count)::numeric(14, 2) AS net_sales_per_day,
    (
        100 * hour_of_week.net_cents
        / nullif(sum(hour_of_week.net_cents) OVER (PARTITION BY location_name, hour_of_week.currency), 0)
    )::numeric(6, 2) AS share_of_sales_percent,
    hour_of_week.currency
FROM hour_of_week
JOIN trading_day USING (location_name, weekday)
-- A day goes on until the cut-over: its hours after midnight come last.
JOIN location USING (location_name)
ORDER BY location, trading_day.weekday, (hour_of_week.hour - location.cutover_hour + 24) % 24, hour_of_week.currency
