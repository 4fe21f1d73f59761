CREATE VIEW reporting.order_line AS
SELECT
    orders.order_id,
    line.line_number,
    orders.business_date,
    location.location_id,
    location.name AS location_name,
    coalesce(orders.closed_at, orders.created_at) AT TIME ZONE location.timezone AS sold_at_local,
    orders.source,
    line.product_id,
    coalesce(product.category, '') AS category,
    line.item_name,
    line.variation_name,
    line.item_type,
    line.quantity,
    line.base_price_cents,
    line.gross_cents - line.inclusive_tax_cents AS gross_cents,
    line.discount_cents,
    line.gross_cents - line.inclusive_tax_cents - line.discount_cents AS net_cents,
    line.tax_cents,
    line.service_charge_cents,
    line.gross_cents - line.inclusive_tax_cents - line.discount_cents + line.tax_cents + line.service_charge_cents
        AS total_cents,
    orders.currency
FROM silver.orders
JOIN silver.order_lines AS line USING (order_key)
JOIN gold.dim_location AS location USING (location_id)
LEFT JOIN gold.dim_product AS product USING (product_id)
WHERE orders.state = 'COMPLETED';

COMMENT ON VIEW reporting.order_line IS
    'What stands on completed orders: one row per order line, its modifiers in its amounts. What came back is in '
    'reporting.refund_line.';
COMMENT ON COLUMN reporting.order_line.order_id IS 'Square''s id of the order.';
COMMENT ON COLUMN reporting.order_line.line_number IS 'Number of the line on the order, from 1.';
COMMENT ON COLUMN reporting.order_line.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.order_line.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.order_line.location_name IS 'Location.';
COMMENT ON COLUMN reporting.order_line.sold_at_local IS 'When the order was closed, by the clock of the location.';
COMMENT ON COLUMN reporting.order_line.source IS 'What it was rung up with, such as the register or the online shop.';
COMMENT ON COLUMN reporting.order_line.product_id IS 'Square''s id of the item variation.';
COMMENT ON COLUMN reporting.order_line.category IS 'The item''s category on the menu of today; empty without one.';
COMMENT ON COLUMN reporting.order_line.item_name IS 'Item, as it was called then.';
COMMENT ON COLUMN reporting.order_line.variation_name IS 'Variation, such as the size.';
COMMENT ON COLUMN reporting.order_line.item_type IS
    'Square''s kind of line: ITEM, CUSTOM_AMOUNT (typed in at the till) or GIFT_CARD.';
COMMENT ON COLUMN reporting.order_line.quantity IS 'How many.';
COMMENT ON COLUMN reporting.order_line.base_price_cents IS 'Price of one without its modifiers, in cents.';
COMMENT ON COLUMN reporting.order_line.gross_cents IS
    'Its sales with its modifiers, before discounts, without tax; in cents.';
COMMENT ON COLUMN reporting.order_line.discount_cents IS 'Its part of the discounts, in cents.';
COMMENT ON COLUMN reporting.order_line.net_cents IS 'Gross less discounts, in cents. Refunds are not taken off it.';
COMMENT ON COLUMN reporting.order_line.tax_cents IS 'Its tax, in cents.';
COMMENT ON COLUMN reporting.order_line.service_charge_cents IS 'Its part of the service charges, in cents.';
COMMENT ON COLUMN reporting.order_line.total_cents IS 'Net, tax and service charge, in cents.';
COMMENT ON COLUMN reporting.order_line.currency IS 'The currency of all amounts (ISO 4217).';
