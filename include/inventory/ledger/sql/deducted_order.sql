-- One row per order that this transaction books: at most limit of those that wait and that gold is not writing, and the
-- returns of what they sold. is_plain: the ledger has nothing of it and it takes nothing back.
WITH chunk AS (
    SELECT order_key FROM inventory.pending_order ORDER BY order_key LIMIT %(limit)s FOR UPDATE SKIP LOCKED
),
taken AS (
    DELETE FROM inventory.pending_order USING chunk WHERE pending_order.order_key = chunk.order_key
    RETURNING pending_order.order_key
),
concerned AS (
    SELECT order_key FROM taken
    UNION
    SELECT returned.order_key
    FROM taken
    JOIN silver.orders USING (order_key)
    JOIN silver.order_return_lines AS returned ON returned.source_order_id = orders.order_id
)
INSERT INTO deducted_order (order_key, is_plain)
SELECT
    order_key,
    NOT EXISTS (SELECT FROM inventory.movement WHERE movement.order_key = concerned.order_key)
        AND NOT EXISTS (SELECT FROM silver.order_return_lines AS line WHERE line.order_key = concerned.order_key)
FROM concerned
