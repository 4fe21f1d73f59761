-- One row per customer that a delivery has named: as the newest one tells, its gaps filled from earlier ones.
WITH first_delivery AS (
    SELECT customer_id, min(delivery_date) AS first_delivery_date
    FROM silver.partner_customers
    GROUP BY customer_id
),
incomplete AS (
    SELECT customer_id
    FROM silver.partner_customers
    WHERE is_current AND (customer_name IS NULL OR region IS NULL)
),
known_name AS (
    SELECT DISTINCT ON (customer_id) customer_id, customer_name
    FROM silver.partner_customers
    JOIN incomplete USING (customer_id)
    WHERE customer_name IS NOT NULL
    ORDER BY customer_id, delivery_date DESC
),
known_region AS (
    SELECT DISTINCT ON (customer_id) customer_id, region
    FROM silver.partner_customers
    JOIN incomplete USING (customer_id)
    WHERE region IS NOT NULL
    ORDER BY customer_id, delivery_date DESC
)
SELECT
    told.customer_id,
    coalesce(told.customer_name, known_name.customer_name) AS customer_name,
    told.mobile_number,
    told.raw_mobile_number,
    coalesce(told.region, known_region.region) AS region,
    told.customer_name IS NULL AND known_name.customer_name IS NOT NULL AS is_name_filled,
    told.region IS NULL AND known_region.region IS NOT NULL AS is_region_filled,
    first_delivery.first_delivery_date,
    told.delivery_date
FROM silver.partner_customers AS told
JOIN first_delivery USING (customer_id)
LEFT JOIN known_name USING (customer_id)
LEFT JOIN known_region USING (customer_id)
WHERE told.is_current
