-- Takes away a location with what bronze and gold hold of its orders, and with its orders' keys in the queues. Gold's
-- views know the days by touched_date.
WITH facts AS (
    DELETE FROM gold.fact_sales
    WHERE location_key = (SELECT location_key FROM gold.dim_location WHERE location_id = %(location_id)s)
    RETURNING business_date
),
touched AS (
    INSERT INTO gold.touched_date SELECT DISTINCT business_date FROM facts ON CONFLICT DO NOTHING
),
pending AS (
    DELETE FROM gold.pending_order WHERE order_key = ANY(%(order_keys)s)
),
undeducted AS (
    DELETE FROM inventory.pending_order WHERE order_key = ANY(%(order_keys)s)
),
bronze_orders AS (
    DELETE FROM bronze.square_orders WHERE location_id = %(location_id)s
),
watermarks AS (
    DELETE FROM bronze.watermark WHERE source = 'orders' AND scope = %(location_id)s
),
dimension AS (
    DELETE FROM gold.dim_location WHERE location_id = %(location_id)s
),
bronze_location AS (
    DELETE FROM bronze.square_locations WHERE location_id = %(location_id)s
)
DELETE FROM silver.locations WHERE location_id = %(location_id)s
