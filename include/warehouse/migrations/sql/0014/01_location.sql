CREATE VIEW reporting.location AS
SELECT
    location.location_id,
    location.name AS location_name,
    location.market,
    location.country,
    location.parent_company,
    location.timezone,
    place.cutover_hour,
    location.currency,
    location.is_active,
    watermark.updated_at AS synced_until_at
FROM gold.dim_location AS location
JOIN silver.locations AS place USING (location_id)
LEFT JOIN bronze.watermark ON watermark.source = 'orders' AND watermark.scope = location.location_id;

COMMENT ON VIEW reporting.location IS 'The chain''s locations: one row per location, closed ones too.';
COMMENT ON COLUMN reporting.location.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.location.location_name IS 'Location.';
COMMENT ON COLUMN reporting.location.market IS 'Market, as the chain''s configuration has it.';
COMMENT ON COLUMN reporting.location.country IS 'Country (ISO 3166).';
COMMENT ON COLUMN reporting.location.parent_company IS 'The company that it belongs to.';
COMMENT ON COLUMN reporting.location.timezone IS
    'Its time zone (IANA), in which its local times and business days are.';
COMMENT ON COLUMN reporting.location.cutover_hour IS
    'The hour at which its business day ends: sales before it count to the day before.';
COMMENT ON COLUMN reporting.location.currency IS 'The currency that it sells in (ISO 4217).';
COMMENT ON COLUMN reporting.location.is_active IS 'Whether Square has it as active.';
COMMENT ON COLUMN reporting.location.synced_until_at IS
    'All that Square changed up to then is in the warehouse; empty where nothing is synchronised.';
