-- One row per order of the chunk: gold has to take it over.
INSERT INTO gold.pending_order (order_key)
SELECT order_key FROM written_order ORDER BY order_key
-- Locks a row that is there already: gold may be taking the order over in its earlier version at this moment.
ON CONFLICT (order_key) DO UPDATE SET order_key = excluded.order_key
