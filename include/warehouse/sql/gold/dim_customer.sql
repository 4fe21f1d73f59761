-- One row per customer and period of silver.
WITH source AS (
    SELECT
        customer_key,
        customer_id,
        coalesce(nullif(concat_ws(' ', given_name, family_name), ''), company_name, '') AS display_name,
        locality,
        country,
        created_at,
        valid_from_at,
        valid_to_at,
        valid_to_at = 'infinity' AS is_current
    FROM silver.customers
)
MERGE INTO gold.dim_customer AS dim
USING source ON dim.customer_key = source.customer_key
WHEN MATCHED AND (
    dim.display_name, dim.locality, dim.country, dim.created_at, dim.valid_from_at, dim.valid_to_at, dim.is_current
) IS DISTINCT FROM (
    source.display_name, source.locality, source.country, source.created_at, source.valid_from_at,
    source.valid_to_at, source.is_current
) THEN UPDATE SET
    display_name = source.display_name,
    locality = source.locality,
    country = source.country,
    created_at = source.created_at,
    valid_from_at = source.valid_from_at,
    valid_to_at = source.valid_to_at,
    is_current = source.is_current
WHEN NOT MATCHED THEN INSERT
VALUES (
    source.customer_key, source.customer_id, source.display_name, source.locality, source.country, source.created_at,
    source.valid_from_at, source.valid_to_at, source.is_current
)
