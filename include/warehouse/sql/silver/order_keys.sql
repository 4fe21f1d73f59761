-- One row per order of the chunk, in its order: the key that silver knows it by or a new one, and its business day.
SELECT
    coalesce(known.order_key, nextval('silver.orders_order_key_seq')) AS order_key,
    known.order_key IS NOT NULL AS is_replaced,
    silver.business_date(news.sold_at, locations.timezone, locations.cutover_hour) AS business_date
FROM unnest(%(order_ids)b::text[], %(location_ids)b::text[], %(sold_at)b::timestamptz[])
    WITH ORDINALITY AS news (order_id, location_id, sold_at, number)
-- Outer, so that silver refuses an order whose location was deleted since it was typed.
LEFT JOIN silver.locations USING (location_id)
LEFT JOIN silver.orders AS known USING (order_id)
ORDER BY news.number
