-- One row per location of Square that the chain's configuration knows. Says whether its business days have shifted.
INSERT INTO silver.locations (
    location_id, name, timezone, cutover_hour, currency, country, market, parent_company, is_active
)
VALUES (
    %(location_id)s, %(name)s, %(timezone)s, %(cutover_hour)s, %(currency)s, %(country)s, %(market)s,
    %(parent_company)s, %(is_active)s
)
ON CONFLICT (location_id) DO UPDATE SET
    name = excluded.name,
    timezone = excluded.timezone,
    cutover_hour = excluded.cutover_hour,
    currency = excluded.currency,
    country = excluded.country,
    market = excluded.market,
    parent_company = excluded.parent_company,
    is_active = excluded.is_active
WHERE (
    locations.name, locations.timezone, locations.cutover_hour, locations.currency, locations.country,
    locations.market, locations.parent_company, locations.is_active
) IS DISTINCT FROM (
    excluded.name, excluded.timezone, excluded.cutover_hour, excluded.currency, excluded.country,
    excluded.market, excluded.parent_company, excluded.is_active
)
RETURNING coalesce((old.timezone, old.cutover_hour) <> (new.timezone, new.cutover_hour), false) AS is_shifted
