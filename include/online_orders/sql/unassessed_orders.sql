-- One row per order of a location that Square has changed since an instant, and that was not assessed in that version.
SELECT orders.order_id, orders.body, known.order_id IS NOT NULL AS is_known
FROM bronze.square_orders AS orders
LEFT JOIN online_orders.online_order AS known ON known.provider = 'square' AND known.order_id = orders.order_id
WHERE orders.location_id = %(location_id)s
    AND orders.updated_at > %(since)s
    -- What cannot be an online order need not be read. The text is Square's, so that this is a first sieve only.
    AND orders.body LIKE ANY (%(patterns)s::text[])
    AND (known.order_id IS NULL OR (orders.version, orders.updated_at) > (known.version, known.updated_at))
ORDER BY orders.updated_at, orders.order_id
