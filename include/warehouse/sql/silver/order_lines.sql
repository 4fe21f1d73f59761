-- One row per line of the chunk's orders.
INSERT INTO silver.order_lines (
    order_key, line_number, line_uid, variation_id, item_name, variation_name, item_type, quantity, base_price_cents,
    gross_cents, discount_cents, tax_cents, inclusive_tax_cents, service_charge_cents, total_cents
)
SELECT
    written_order.order_key, line_number, line_uid, variation_id, item_name, variation_name, item_type, quantity::numeric, base_price_cents,
    gross_cents, discount_cents, tax_cents, inclusive_tax_cents, service_charge_cents, total_cents
FROM incoming_line AS incoming
JOIN written_order USING (number)
