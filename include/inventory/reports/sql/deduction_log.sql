-- One row per movement of a sale or of what went back on the shelf, at one location on one business day.
SELECT
    business_date,
    to_char(occurred_at_local, 'YYYY-MM-DD HH24:MI:SS') AS time,
    location_name,
    order_id,
    item_name,
    variation_name,
    modifier_name,
    ingredient_name,
    trim_scale(-quantity) AS deducted_quantity,
    unit,
    CASE WHEN is_correction THEN 'correction' ELSE kind END AS kind
FROM reporting.stock_movement
WHERE business_date = %(day)s
    AND location_id = (SELECT location_id FROM gold.dim_location WHERE location_key = %(location_key)s)
    AND kind IN ('sale', 'return')
ORDER BY occurred_at, movement_id
