-- One row per discount, tax and service charge that the chunk's orders state.
INSERT INTO silver.order_adjustments (
    order_key, kind, number, catalog_id, name, percentage, is_inclusive, amount_cents
)
SELECT
    written_order.order_key, kind, adjustment_number, catalog_id, name, percentage::numeric, is_inclusive, amount_cents
FROM incoming_adjustment AS incoming
JOIN written_order USING (number)
