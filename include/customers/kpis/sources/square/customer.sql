-- One row per customer whom Square knows. Their region is the market of the location that they first bought at.
WITH first_sale AS (
    SELECT DISTINCT ON (customer_id) customer_id, region
    FROM sale
    WHERE customer_id IS NOT NULL
    ORDER BY customer_id, ordered_at, order_id COLLATE "C"
)
SELECT
    known.customer_id,
    coalesce(nullif(concat_ws(' ', known.given_name, known.family_name), ''), known.company_name) AS customer_name,
    CASE WHEN known.phone_number ~ '^\+[1-9][0-9]{6,14}$' THEN known.phone_number END AS mobile_number,
    CASE WHEN known.phone_number !~ '^\+[1-9][0-9]{6,14}$' THEN known.phone_number END AS raw_mobile_number,
    first_sale.region,
    false AS is_name_filled,
    false AS is_region_filled,
    silver.business_date(known.created_at, %(timezone)s, 0) AS first_delivery_date,
    silver.business_date(known.created_at, %(timezone)s, 0) AS delivery_date
FROM silver.customers AS known
LEFT JOIN first_sale USING (customer_id)
WHERE known.valid_to_at = 'infinity'
