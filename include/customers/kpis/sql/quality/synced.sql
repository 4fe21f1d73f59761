-- One row per location in the source's currency: until when its orders are in the warehouse, and whether the day is
-- whole: it has been synced to its end, and gold has taken over all of it. On Postgres only.
SELECT
    location.name,
    watermark.updated_at AS synced_until_at,
    watermark.updated_at IS NOT NULL
        AND watermark.updated_at >= ((%(day)s::date + 1) + make_interval(hours => location.cutover_hour))
            AT TIME ZONE location.timezone
        AND NOT EXISTS (
            SELECT 1
            FROM gold.pending_order
            JOIN silver.orders AS placed USING (order_key)
            WHERE placed.location_id = location.location_id AND placed.business_date = %(day)s::date
        ) AS is_complete
FROM silver.locations AS location
LEFT JOIN bronze.watermark ON watermark.source = 'orders' AND watermark.scope = location.location_id
WHERE location.is_active AND location.currency = %(currency)s
ORDER BY location.name COLLATE "C"
