-- One row per location that sold something on the business day.
SELECT location_key, sum(net_cents)::bigint AS net_cents
FROM gold.daily_sales_summary AS summary
JOIN gold.dim_location AS location USING (location_key)
WHERE summary.business_date = %(day)s
    AND location_key = ANY(%(location_keys)s)
    AND summary.currency = location.currency
GROUP BY location_key
