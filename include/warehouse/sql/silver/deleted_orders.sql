-- Takes orders away, with all below them.
WITH gone AS MATERIALIZED (
    SELECT unnest(%(order_keys)s::bigint[]) AS order_key
),
lines AS (
    DELETE FROM silver.order_lines WHERE order_key IN (SELECT order_key FROM gone)
),
modifiers AS (
    DELETE FROM silver.order_line_modifiers WHERE order_key IN (SELECT order_key FROM gone)
),
adjustments AS (
    DELETE FROM silver.order_adjustments WHERE order_key IN (SELECT order_key FROM gone)
),
tenders AS (
    DELETE FROM silver.order_tenders WHERE order_key IN (SELECT order_key FROM gone)
),
return_lines AS (
    DELETE FROM silver.order_return_lines WHERE order_key IN (SELECT order_key FROM gone)
),
refunds AS (
    DELETE FROM silver.refunds WHERE order_key IN (SELECT order_key FROM gone)
)
DELETE FROM silver.orders WHERE order_key IN (SELECT order_key FROM gone)
