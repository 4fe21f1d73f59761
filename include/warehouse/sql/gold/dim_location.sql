-- One row per location of silver.
MERGE INTO gold.dim_location AS dim
USING silver.locations AS source ON dim.location_id = source.location_id
WHEN MATCHED AND (
    dim.name, dim.timezone, dim.currency, dim.country, dim.market, dim.parent_company, dim.is_active
) IS DISTINCT FROM (
    source.name, source.timezone, source.currency, source.country, source.market, source.parent_company,
    source.is_active
) THEN UPDATE SET
    name = source.name,
    timezone = source.timezone,
    currency = source.currency,
    country = source.country,
    market = source.market,
    parent_company = source.parent_company,
    is_active = source.is_active
WHEN NOT MATCHED THEN INSERT (location_id, name, timezone, currency, country, market, parent_company, is_active)
VALUES (
    source.location_id, source.name, source.timezone, source.currency, source.country, source.market,
    source.parent_company, source.is_active
)
