-- Takes away a location with all that was loaded of it, in gold, silver and bronze.
WITH orders AS MATERIALIZED (
    SELECT order_key, order_id FROM silver.orders WHERE location_id = %(location_id)s
),
facts AS (
    DELETE FROM gold.fact_sales
    WHERE location_key = (SELECT location_key FROM gold.dim_location WHERE location_id = %(location_id)s)
    RETURNING business_date
),
touched AS (
    INSERT INTO gold.touched_date SELECT DISTINCT business_date FROM facts ON CONFLICT DO NOTHING
),
pending AS (
    DELETE FROM gold.pending_order WHERE order_key IN (SELECT order_key FROM orders)
),
lines AS (
    DELETE FROM silver.order_lines WHERE order_key IN (SELECT order_key FROM orders)
),
modifiers AS (
    DELETE FROM silver.order_line_modifiers WHERE order_key IN (SELECT order_key FROM orders)
),
adjustments AS (
    DELETE FROM silver.order_adjustments WHERE order_key IN (SELECT order_key FROM orders)
),
tenders AS (
    DELETE FROM silver.order_tenders WHERE order_key IN (SELECT order_key FROM orders)
),
return_lines AS (
    DELETE FROM silver.order_return_lines WHERE order_key IN (SELECT order_key FROM orders)
),
refunds AS (
    DELETE FROM silver.refunds WHERE order_key IN (SELECT order_key FROM orders)
),
silver_orders AS (
    DELETE FROM silver.orders WHERE location_id = %(location_id)s
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
