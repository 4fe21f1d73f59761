-- One row per modifier of the chunk's order lines.
INSERT INTO silver.order_line_modifiers (
    order_key, line_number, modifier_number, modifier_uid, modifier_id, name, quantity, base_price_cents, total_cents
)
SELECT
    written_order.order_key, line_number, modifier_number, modifier_uid, modifier_id, name, quantity::numeric, base_price_cents, total_cents
FROM incoming_modifier AS incoming
JOIN written_order USING (number)
