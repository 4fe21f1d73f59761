-- One row per order that silver has written: gold has to take it over.
INSERT INTO gold.pending_order (order_key)
SELECT unnest(%(order_keys)b::bigint[])
-- Locks a row that is there already: gold may be taking the order over in its earlier version at this moment.
ON CONFLICT (order_key) DO UPDATE SET order_key = excluded.order_key
