-- One row per order: what was known of it is replaced.
INSERT INTO online_orders.online_order AS known (
    provider, order_id, version, updated_at, location_name, provider_location, placed_at, due_at, total_cents, currency,
    is_cancelled, channel, customer_name, customer_phone, items
)
VALUES (
    %(provider)s, %(order_id)s, %(version)s, %(updated_at)s, %(location_name)s, %(provider_location)s, %(placed_at)s,
    %(due_at)s, %(total_cents)s, %(currency)s, %(is_cancelled)s, %(channel)s, %(customer_name)s, %(customer_phone)s,
    %(items)s
)
ON CONFLICT (provider, order_id) DO UPDATE SET
    version = excluded.version,
    updated_at = excluded.updated_at,
    location_name = excluded.location_name,
    provider_location = excluded.provider_location,
    placed_at = excluded.placed_at,
    due_at = excluded.due_at,
    total_cents = excluded.total_cents,
    currency = excluded.currency,
    is_cancelled = excluded.is_cancelled,
    channel = excluded.channel,
    customer_name = excluded.customer_name,
    customer_phone = excluded.customer_phone,
    items = excluded.items,
    assessed_at = now()
