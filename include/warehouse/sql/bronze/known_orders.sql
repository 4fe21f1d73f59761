-- One row per order of the chunk of which bronze holds this version or a later one: it changes nothing.
SELECT incoming_key.number
FROM incoming_key
JOIN bronze.square_orders AS known USING (order_id)
WHERE (known.version, known.updated_at) >= (incoming_key.version, incoming_key.updated_at)
