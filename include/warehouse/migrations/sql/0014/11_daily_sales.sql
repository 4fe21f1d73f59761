CREATE VIEW reporting.daily_sales AS
SELECT
    summary.business_date,
    location.location_id,
    location.name AS location_name,
    location.market,
    location.country,
    location.parent_company,
    summary.order_count,
    summary.gross_cents,
    summary.discount_cents,
    summary.refund_cents,
    summary.net_cents,
    summary.tax_cents,
    summary.service_charge_cents,
    summary.tip_cents,
    summary.total_cents,
    round(summary.net_cents::numeric / nullif(summary.order_count, 0), 2) AS average_order_cents,
    summary.currency
FROM gold.daily_sales_summary AS summary
JOIN gold.dim_location AS location USING (location_key);

COMMENT ON VIEW reporting.daily_sales IS
    'Sales by day, the figures of the sales report: one row per business day, location and currency. Days without '
    'sales have no row.';
COMMENT ON COLUMN reporting.daily_sales.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.daily_sales.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.daily_sales.location_name IS 'Location.';
COMMENT ON COLUMN reporting.daily_sales.market IS 'Its market, as the chain''s configuration has it.';
COMMENT ON COLUMN reporting.daily_sales.country IS 'Its country (ISO 3166).';
COMMENT ON COLUMN reporting.daily_sales.parent_company IS 'The company that it belongs to.';
COMMENT ON COLUMN reporting.daily_sales.order_count IS
    'Orders with anything sold; those that only give back are not counted.';
COMMENT ON COLUMN reporting.daily_sales.gross_cents IS 'Sales before discounts and refunds, without tax; in cents.';
COMMENT ON COLUMN reporting.daily_sales.discount_cents IS 'Discounts, in cents.';
COMMENT ON COLUMN reporting.daily_sales.refund_cents IS 'Sales given back, without tax; in cents.';
COMMENT ON COLUMN reporting.daily_sales.net_cents IS 'Net sales: gross less discounts and refunds; in cents.';
COMMENT ON COLUMN reporting.daily_sales.tax_cents IS 'Tax, less what was given back of it; in cents.';
COMMENT ON COLUMN reporting.daily_sales.service_charge_cents IS
    'Service charges, less what was given back of them; in cents.';
COMMENT ON COLUMN reporting.daily_sales.tip_cents IS 'Tips, less what was given back of them; in cents.';
COMMENT ON COLUMN reporting.daily_sales.total_cents IS
    'Money taken less money given back: net sales, tax, service charges and tips; in cents.';
COMMENT ON COLUMN reporting.daily_sales.average_order_cents IS
    'Net sales by order, in cents. Over several days: sum(net_cents) / sum(order_count).';
COMMENT ON COLUMN reporting.daily_sales.currency IS 'The currency of all amounts (ISO 4217).';
