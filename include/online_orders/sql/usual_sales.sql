-- One row per location and weekday: what the location took on that weekday, all in, on average over its last eight.
WITH recent AS (
    SELECT
        location.name,
        location.currency,
        extract(isodow FROM summary.business_date)::integer AS weekday,
        summary.total_cents,
        row_number() OVER (
            PARTITION BY summary.location_key, extract(isodow FROM summary.business_date)
            ORDER BY summary.business_date DESC
        ) AS weeks_ago
    FROM gold.daily_sales_summary AS summary
    JOIN gold.dim_location AS location USING (location_key, currency)
    -- Today is not over anywhere before its business date lies behind; a location that was closed for longer than
    -- four weeks begins anew.
    WHERE summary.business_date BETWEEN %(today)s - 84 AND %(today)s - 1
)
SELECT name, weekday, round(avg(total_cents))::bigint AS usual_cents
FROM recent
WHERE weeks_ago <= 8
GROUP BY name, weekday
-- Fewer days say nothing about what is usual.
HAVING count(*) >= 4
