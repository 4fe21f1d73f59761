-- Moves a location's orders to the business days that its new time zone or cut-over gives them, and queues them for gold.
WITH dated AS (
    SELECT
        order_key,
        silver.business_date(coalesce(closed_at, created_at), locations.timezone, locations.cutover_hour) AS business_date
    FROM silver.orders
    JOIN silver.locations USING (location_id)
    WHERE location_id = %(location_id)s
),
shifted AS (
    UPDATE silver.orders SET business_date = dated.business_date
    FROM dated
    WHERE orders.order_key = dated.order_key AND orders.business_date <> dated.business_date
    RETURNING orders.order_key
)
INSERT INTO gold.pending_order (order_key)
SELECT order_key FROM shifted
ON CONFLICT (order_key) DO UPDATE SET order_key = excluded.order_key
