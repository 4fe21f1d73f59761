-- One row per location of gold: how far square_sync has brought its orders.
SELECT
    location.location_id,
    location.location_key,
    location.name,
    watermark.updated_at AS synced_until_at
FROM gold.dim_location AS location
LEFT JOIN bronze.watermark AS watermark
    ON watermark.source = 'orders' AND watermark.scope = location.location_id
ORDER BY location.is_active, location.location_key
