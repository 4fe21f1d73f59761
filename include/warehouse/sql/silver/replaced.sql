-- Takes away what silver holds below the orders of the chunk that came in an earlier version before.
WITH replaced AS MATERIALIZED (
    SELECT order_key FROM written_order WHERE is_replaced
),
lines AS (
    DELETE FROM silver.order_lines WHERE order_key IN (SELECT order_key FROM replaced)
),
modifiers AS (
    DELETE FROM silver.order_line_modifiers WHERE order_key IN (SELECT order_key FROM replaced)
),
adjustments AS (
    DELETE FROM silver.order_adjustments WHERE order_key IN (SELECT order_key FROM replaced)
),
tenders AS (
    DELETE FROM silver.order_tenders WHERE order_key IN (SELECT order_key FROM replaced)
),
return_lines AS (
    DELETE FROM silver.order_return_lines WHERE order_key IN (SELECT order_key FROM replaced)
)
DELETE FROM silver.refunds WHERE order_key IN (SELECT order_key FROM replaced)
