-- One row per line that the chunk's orders return.
INSERT INTO silver.order_return_lines (
    order_key, return_number, line_number, source_order_id, source_line_uid, variation_id, item_name, variation_name,
    quantity, gross_cents, discount_cents, tax_cents, inclusive_tax_cents, total_cents
)
SELECT
    written_order.order_key, return_number, line_number, source_order_id, source_line_uid, variation_id, item_name, variation_name,
    quantity::numeric, gross_cents, discount_cents, tax_cents, inclusive_tax_cents, total_cents
FROM incoming_return_line AS incoming
JOIN written_order USING (number)
