-- One row per order of the chunk: gold has to take it over.
INSERT INTO gold.pending_order (order_key)
SELECT order_key FROM written_order
ON CONFLICT (order_key) DO NOTHING
