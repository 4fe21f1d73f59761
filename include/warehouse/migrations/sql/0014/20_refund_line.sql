CREATE VIEW reporting.refund_line AS
SELECT
    orders.order_id,
    line.return_number,
    line.line_number,
    line.source_order_id,
    orders.business_date,
    location.location_id,
    location.name AS location_name,
    coalesce(orders.closed_at, orders.created_at) AT TIME ZONE location.timezone AS returned_at_local,
    line.product_id,
    coalesce(product.category, '') AS category,
    line.item_name,
    line.variation_name,
    line.quantity,
    line.gross_cents - line.discount_cents - line.inclusive_tax_cents AS refund_cents,
    line.tax_cents,
    (
        SELECT string_agg(DISTINCT refund.reason, ', ')
        FROM silver.refunds AS refund
        WHERE refund.order_key = orders.order_key AND refund.reason <> ''
    ) AS reason,
    orders.currency
FROM silver.order_return_lines AS line
JOIN silver.orders USING (order_key)
JOIN gold.dim_location AS location USING (location_id)
LEFT JOIN gold.dim_product AS product USING (product_id)
WHERE orders.state = 'COMPLETED';

COMMENT ON VIEW reporting.refund_line IS
    'What came back: one row per returned order line. Square makes a line without an item of an amount that was '
    'given back.';
COMMENT ON COLUMN reporting.refund_line.order_id IS 'Square''s id of the order that gives back.';
COMMENT ON COLUMN reporting.refund_line.return_number IS 'Number of the return on that order.';
COMMENT ON COLUMN reporting.refund_line.line_number IS 'Number of the line in the return.';
COMMENT ON COLUMN reporting.refund_line.source_order_id IS
    'Square''s id of the order on which it was sold, if it is known.';
COMMENT ON COLUMN reporting.refund_line.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.refund_line.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.refund_line.location_name IS 'Location.';
COMMENT ON COLUMN reporting.refund_line.returned_at_local IS 'When it came back, by the clock of the location.';
COMMENT ON COLUMN reporting.refund_line.product_id IS 'Square''s id of the item variation.';
COMMENT ON COLUMN reporting.refund_line.category IS 'The item''s category on the menu of today; empty without one.';
COMMENT ON COLUMN reporting.refund_line.item_name IS 'Item, as it was called then; empty for an amount.';
COMMENT ON COLUMN reporting.refund_line.variation_name IS 'Variation, such as the size.';
COMMENT ON COLUMN reporting.refund_line.quantity IS 'How many came back.';
COMMENT ON COLUMN reporting.refund_line.refund_cents IS 'Sales given back for it, without tax; in cents.';
COMMENT ON COLUMN reporting.refund_line.tax_cents IS 'Tax given back for it, in cents.';
COMMENT ON COLUMN reporting.refund_line.reason IS 'Why, as typed at the till; empty if nobody said.';
COMMENT ON COLUMN reporting.refund_line.currency IS 'The currency of all amounts (ISO 4217).';
