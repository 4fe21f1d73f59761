CREATE VIEW reporting.hourly_sales AS
WITH sale AS (
    SELECT
        orders.business_date,
        orders.location_id,
        extract(
            hour FROM coalesce(orders.closed_at, orders.created_at) AT TIME ZONE location.timezone
        )::smallint AS hour,
        orders.currency,
        count(first_line.order_key)::integer AS order_count,
        sum(orders.gross_cents - orders.inclusive_tax_cents)::bigint AS gross_cents,
        sum(orders.discount_cents)::bigint AS discount_cents,
        sum(
            orders.returned_gross_cents - orders.returned_discount_cents - orders.returned_inclusive_tax_cents
        )::bigint AS refund_cents,
        sum(orders.tax_cents - orders.returned_tax_cents)::bigint AS tax_cents,
        sum(orders.service_charge_cents - orders.returned_service_charge_cents)::bigint AS service_charge_cents,
        sum(orders.tip_cents - orders.returned_tip_cents)::bigint AS tip_cents,
        sum(orders.total_cents - orders.returned_total_cents)::bigint AS total_cents
    FROM silver.orders
    JOIN gold.dim_location AS location USING (location_id)
    LEFT JOIN silver.order_lines AS first_line
        ON first_line.order_key = orders.order_key AND first_line.line_number = 1
    WHERE orders.state = 'COMPLETED'
    GROUP BY orders.business_date, orders.location_id, hour, orders.currency
)
SELECT
    sale.business_date,
    location_id,
    location.name AS location_name,
    location.market,
    location.country,
    location.parent_company,
    sale.hour,
    sale.order_count,
    sale.gross_cents,
    sale.discount_cents,
    sale.refund_cents,
    sale.gross_cents - sale.discount_cents - sale.refund_cents AS net_cents,
    sale.tax_cents,
    sale.service_charge_cents,
    sale.tip_cents,
    sale.total_cents,
    sale.currency
FROM sale
JOIN gold.dim_location AS location USING (location_id);

COMMENT ON VIEW reporting.hourly_sales IS
    'Sales by hour of the day: one row per business day, location, hour by its clock, and currency. Adds up to '
    'reporting.daily_sales.';
COMMENT ON COLUMN reporting.hourly_sales.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.hourly_sales.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.hourly_sales.location_name IS 'Location.';
COMMENT ON COLUMN reporting.hourly_sales.market IS 'Its market, as the chain''s configuration has it.';
COMMENT ON COLUMN reporting.hourly_sales.country IS 'Its country (ISO 3166).';
COMMENT ON COLUMN reporting.hourly_sales.parent_company IS 'The company that it belongs to.';
COMMENT ON COLUMN reporting.hourly_sales.hour IS
    'Hour by the location''s clock, 0 to 23, in which the order was closed. Hours before the cut-over belong to the '
    'business day before.';
COMMENT ON COLUMN reporting.hourly_sales.order_count IS 'Orders with anything sold.';
COMMENT ON COLUMN reporting.hourly_sales.gross_cents IS 'Sales before discounts and refunds, without tax; in cents.';
COMMENT ON COLUMN reporting.hourly_sales.discount_cents IS 'Discounts, in cents.';
COMMENT ON COLUMN reporting.hourly_sales.refund_cents IS 'Sales given back, without tax; in cents.';
COMMENT ON COLUMN reporting.hourly_sales.net_cents IS 'Net sales: gross less discounts and refunds; in cents.';
COMMENT ON COLUMN reporting.hourly_sales.tax_cents IS 'Tax, less what was given back of it; in cents.';
COMMENT ON COLUMN reporting.hourly_sales.service_charge_cents IS
    'Service charges, less what was given back of them; in cents.';
COMMENT ON COLUMN reporting.hourly_sales.tip_cents IS 'Tips, less what was given back of them; in cents.';
COMMENT ON COLUMN reporting.hourly_sales.total_cents IS
    'Money taken less money given back: net sales, tax, service charges and tips; in cents.';
COMMENT ON COLUMN reporting.hourly_sales.currency IS 'The currency of all amounts (ISO 4217).';
