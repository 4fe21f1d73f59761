CREATE VIEW reporting.customer AS
WITH bought AS (
    SELECT
        orders.customer_id,
        orders.currency,
        min(coalesce(orders.closed_at, orders.created_at)) FILTER (WHERE first_line.order_key IS NOT NULL)
            AS first_order_at,
        max(coalesce(orders.closed_at, orders.created_at)) FILTER (WHERE first_line.order_key IS NOT NULL)
            AS last_order_at,
        min(orders.business_date) FILTER (WHERE first_line.order_key IS NOT NULL) AS first_business_date,
        max(orders.business_date) FILTER (WHERE first_line.order_key IS NOT NULL) AS last_business_date,
        count(first_line.order_key)::integer AS order_count,
        sum(
            orders.gross_cents - orders.inclusive_tax_cents - orders.discount_cents
            - orders.returned_gross_cents + orders.returned_discount_cents + orders.returned_inclusive_tax_cents
        )::bigint AS net_cents
    FROM silver.orders
    LEFT JOIN silver.order_lines AS first_line
        ON first_line.order_key = orders.order_key AND first_line.line_number = 1
    WHERE orders.state = 'COMPLETED' AND orders.customer_id IS NOT NULL
    GROUP BY orders.customer_id, orders.currency
)
SELECT
    customer_id,
    customer.country,
    customer.created_at,
    bought.first_order_at,
    bought.last_order_at,
    bought.first_business_date,
    bought.last_business_date,
    coalesce(bought.order_count, 0) AS order_count,
    coalesce(bought.net_cents, 0) AS net_cents,
    round(bought.net_cents::numeric / nullif(bought.order_count, 0), 2) AS average_order_cents,
    bought.currency
FROM (SELECT * FROM gold.dim_customer WHERE is_current) AS customer
FULL JOIN bought USING (customer_id);

COMMENT ON VIEW reporting.customer IS
    'Customers without who they are: one row per customer, and currency that they paid in. Orders without a '
    'customer belong to nobody here.';
COMMENT ON COLUMN reporting.customer.customer_id IS 'Square''s id of the customer; says nothing of the person.';
COMMENT ON COLUMN reporting.customer.country IS 'Country of their address (ISO 3166), if they gave one.';
COMMENT ON COLUMN reporting.customer.created_at IS 'When Square came to know them; empty if it no longer does.';
COMMENT ON COLUMN reporting.customer.first_order_at IS 'When they first bought anything.';
COMMENT ON COLUMN reporting.customer.last_order_at IS 'When they last did.';
COMMENT ON COLUMN reporting.customer.first_business_date IS 'Business day of their first order.';
COMMENT ON COLUMN reporting.customer.last_business_date IS 'Business day of their last order.';
COMMENT ON COLUMN reporting.customer.order_count IS 'How many orders they made.';
COMMENT ON COLUMN reporting.customer.net_cents IS
    'Net sales to them: without tax, less discounts and refunds; in cents.';
COMMENT ON COLUMN reporting.customer.average_order_cents IS 'Net sales by order, in cents.';
COMMENT ON COLUMN reporting.customer.currency IS 'The currency of the amounts (ISO 4217); empty without orders.';
