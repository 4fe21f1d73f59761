CREATE VIEW reporting.online_order AS
SELECT
    online_order.provider,
    online_order.order_id,
    silver.business_date(online_order.placed_at, place.timezone, place.cutover_hour) AS business_date,
    online_order.location_name,
    online_order.channel,
    online_order.placed_at,
    online_order.placed_at AT TIME ZONE place.timezone AS placed_at_local,
    online_order.due_at,
    online_order.due_at AT TIME ZONE place.timezone AS due_at_local,
    online_order.total_cents,
    jsonb_array_length(online_order.items) AS item_count,
    online_order.is_cancelled,
    EXISTS (
        SELECT FROM online_orders.alert WHERE alert.online_order_key = online_order.online_order_key
    ) AS is_large,
    online_order.currency
FROM online_orders.online_order
LEFT JOIN LATERAL (
    SELECT location.timezone, location.cutover_hour
    FROM silver.locations AS location
    WHERE location.name = online_order.location_name
    ORDER BY location.is_active DESC, location.location_id
    LIMIT 1
) AS place ON true;

COMMENT ON VIEW reporting.online_order IS
    'Online orders that were looked at, without who placed them: one row per order of a provider, as it was last seen.';
COMMENT ON COLUMN reporting.online_order.provider IS 'Where it was placed: square, or another platform.';
COMMENT ON COLUMN reporting.online_order.order_id IS
    'The provider''s id of the order; of Square, the one in reporting.orders.';
COMMENT ON COLUMN reporting.online_order.business_date IS 'Business day of the location on which it was placed.';
COMMENT ON COLUMN reporting.online_order.location_name IS
    'Location; empty if the configuration does not know where the provider says it goes.';
COMMENT ON COLUMN reporting.online_order.channel IS
    'The provider''s own channel, such as its shop or app; empty if it does not say.';
COMMENT ON COLUMN reporting.online_order.placed_at IS 'When it was placed.';
COMMENT ON COLUMN reporting.online_order.placed_at_local IS 'When it was placed, by the clock of the location.';
COMMENT ON COLUMN reporting.online_order.due_at IS 'For when it was wanted; empty: as soon as possible.';
COMMENT ON COLUMN reporting.online_order.due_at_local IS 'For when it was wanted, by the clock of the location.';
COMMENT ON COLUMN reporting.online_order.total_cents IS 'What it comes to, in cents.';
COMMENT ON COLUMN reporting.online_order.item_count IS 'How many different things are on it.';
COMMENT ON COLUMN reporting.online_order.is_cancelled IS 'Whether it was cancelled.';
COMMENT ON COLUMN reporting.online_order.is_large IS 'Whether an alert was sent about it.';
COMMENT ON COLUMN reporting.online_order.currency IS 'The currency of the amount (ISO 4217).';
