-- One row per order that this transaction takes over: at most limit of those that wait and nobody else is taking.
WITH chunk AS (
    SELECT order_key FROM gold.pending_order ORDER BY order_key LIMIT %(limit)s FOR UPDATE SKIP LOCKED
),
taken AS (
    DELETE FROM gold.pending_order USING chunk WHERE pending_order.order_key = chunk.order_key
    RETURNING pending_order.order_key
)
INSERT INTO taken_order (order_key)
SELECT order_key FROM taken
