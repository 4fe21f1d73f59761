-- One row: whether gold has yet to take over orders of these locations and business days.
SELECT EXISTS (
    SELECT
    FROM gold.pending_order AS pending
    JOIN silver.orders AS orders USING (order_key)
    JOIN gold.dim_location AS location USING (location_id)
    WHERE location.location_key = ANY(%(location_keys)s)
        AND orders.business_date BETWEEN %(first)s AND %(last)s
) AS is_pending
