CREATE VIEW reporting.orders AS
SELECT
    orders.order_id,
    orders.business_date,
    location.location_id,
    location.name AS location_name,
    location.market,
    location.country,
    location.parent_company,
    coalesce(orders.closed_at, orders.created_at) AS sold_at,
    coalesce(orders.closed_at, orders.created_at) AT TIME ZONE location.timezone AS sold_at_local,
    orders.created_at,
    orders.source,
    orders.customer_id,
    first_line.order_key IS NOT NULL AS is_sale,
    orders.gross_cents - orders.inclusive_tax_cents AS gross_cents,
    orders.discount_cents,
    orders.returned_gross_cents - orders.returned_discount_cents - orders.returned_inclusive_tax_cents AS refund_cents,
    orders.gross_cents - orders.inclusive_tax_cents - orders.discount_cents
    - orders.returned_gross_cents + orders.returned_discount_cents + orders.returned_inclusive_tax_cents AS net_cents,
    orders.tax_cents - orders.returned_tax_cents AS tax_cents,
    orders.service_charge_cents - orders.returned_service_charge_cents AS service_charge_cents,
    orders.tip_cents - orders.returned_tip_cents AS tip_cents,
    orders.total_cents - orders.returned_total_cents AS total_cents,
    orders.currency
FROM silver.orders
JOIN gold.dim_location AS location USING (location_id)
LEFT JOIN silver.order_lines AS first_line
    ON first_line.order_key = orders.order_key AND first_line.line_number = 1
WHERE orders.state = 'COMPLETED';

COMMENT ON VIEW reporting.orders IS
    'Completed orders, whose amounts add up to reporting.daily_sales: one row per order. Square writes what is '
    'given back as an order of its own. Open and cancelled ones are in reporting.unfinished_order.';
COMMENT ON COLUMN reporting.orders.order_id IS 'Square''s id of the order.';
COMMENT ON COLUMN reporting.orders.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.orders.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.orders.location_name IS 'Location.';
COMMENT ON COLUMN reporting.orders.market IS 'Its market, as the chain''s configuration has it.';
COMMENT ON COLUMN reporting.orders.country IS 'Its country (ISO 3166).';
COMMENT ON COLUMN reporting.orders.parent_company IS 'The company that it belongs to.';
COMMENT ON COLUMN reporting.orders.sold_at IS 'When it was closed.';
COMMENT ON COLUMN reporting.orders.sold_at_local IS 'When it was closed, by the clock of the location.';
COMMENT ON COLUMN reporting.orders.created_at IS 'When it was begun.';
COMMENT ON COLUMN reporting.orders.source IS
    'What it was rung up with, such as the register or the online shop; empty if Square does not say.';
COMMENT ON COLUMN reporting.orders.customer_id IS 'Square''s id of the customer; empty if none is known.';
COMMENT ON COLUMN reporting.orders.is_sale IS
    'Whether anything was sold; not so of an order that only gives back. Count orders WHERE is_sale.';
COMMENT ON COLUMN reporting.orders.gross_cents IS 'Sales before discounts and refunds, without tax; in cents.';
COMMENT ON COLUMN reporting.orders.discount_cents IS 'Discounts, in cents.';
COMMENT ON COLUMN reporting.orders.refund_cents IS 'Sales given back, without tax; in cents.';
COMMENT ON COLUMN reporting.orders.net_cents IS 'Net sales: gross less discounts and refunds; in cents.';
COMMENT ON COLUMN reporting.orders.tax_cents IS 'Tax, less what was given back of it; in cents.';
COMMENT ON COLUMN reporting.orders.service_charge_cents IS
    'Service charges, less what was given back of them; in cents.';
COMMENT ON COLUMN reporting.orders.tip_cents IS 'Tips, less what was given back of them; in cents.';
COMMENT ON COLUMN reporting.orders.total_cents IS
    'Money taken less money given back: net sales, tax, service charges and tips; in cents.';
COMMENT ON COLUMN reporting.orders.currency IS 'The currency of all amounts (ISO 4217).';
