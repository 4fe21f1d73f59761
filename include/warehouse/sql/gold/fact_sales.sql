-- One row per order line, per modifier of a line, per returned line, and per order for what belongs to no line, of the
-- completed ones among the taken orders. docs/architecture.md says what the measures mean.
WITH orders AS (
    SELECT
        orders.*,
        dim_location.location_key,
        dim_customer.customer_key,
        coalesce(orders.closed_at, orders.created_at) AS sold_at
    FROM taken_order
    JOIN silver.orders USING (order_key)
    JOIN gold.dim_location USING (location_id)
    LEFT JOIN gold.dim_customer
        ON dim_customer.customer_id = orders.customer_id
        AND coalesce(orders.closed_at, orders.created_at) >= dim_customer.valid_from_at
        AND coalesce(orders.closed_at, orders.created_at) < dim_customer.valid_to_at
    WHERE orders.state = 'COMPLETED'
),
modifier_sums AS (
    SELECT order_key, line_number, sum(total_cents)::bigint AS total_cents
    FROM taken_order
    JOIN silver.order_line_modifiers USING (order_key)
    GROUP BY order_key, line_number
),
line_sums AS (
    SELECT order_key, sum(tax_cents)::bigint AS tax_cents, sum(service_charge_cents)::bigint AS service_charge_cents
    FROM taken_order
    JOIN silver.order_lines USING (order_key)
    GROUP BY order_key
),
return_sums AS (
    SELECT
        order_key,
        sum(gross_cents - discount_cents - inclusive_tax_cents)::bigint AS refund_cents,
        sum(tax_cents)::bigint AS tax_cents
    FROM taken_order
    JOIN silver.order_return_lines USING (order_key)
    GROUP BY order_key
),
line_measures AS (
    SELECT
        orders.business_date,
        orders.order_key,
        line.line_number,
        0::smallint AS modifier_number,
        'line' AS kind,
        orders.location_key,
        dim_product.product_key,
        dim_product.product_key AS line_product_key,
        orders.customer_key,
        line.quantity,
        line.gross_cents - line.inclusive_tax_cents - coalesce(modifier_sums.total_cents, 0) AS gross_cents,
        line.discount_cents,
        0::bigint AS refund_cents,
        line.tax_cents,
        line.service_charge_cents,
        0::bigint AS tip_cents,
        orders.currency,
        orders.sold_at
    FROM orders
    JOIN silver.order_lines AS line USING (order_key)
    LEFT JOIN modifier_sums USING (order_key, line_number)
    JOIN gold.dim_product USING (product_id)
),
modifier_measures AS (
    SELECT
        orders.business_date,
        orders.order_key,
        modifier.line_number,
        modifier.modifier_number,
        'modifier',
        orders.location_key,
        dim_product.product_key,
        line_product.product_key,
        orders.customer_key,
        modifier.quantity * line.quantity,
        modifier.total_cents,
        0,
        0,
        0,
        0,
        0,
        orders.currency,
        orders.sold_at
    FROM orders
    JOIN silver.order_line_modifiers AS modifier USING (order_key)
    JOIN silver.order_lines AS line USING (order_key, line_number)
    JOIN gold.dim_product ON dim_product.product_id = modifier.product_id
    JOIN gold.dim_product AS line_product ON line_product.product_id = line.product_id
),
return_measures AS (
    SELECT
        orders.business_date,
        orders.order_key,
        line.line_number,
        line.return_number,
        'return',
        orders.location_key,
        dim_product.product_key,
        dim_product.product_key,
        orders.customer_key,
        line.quantity,
        0,
        0,
        line.gross_cents - line.discount_cents - line.inclusive_tax_cents,
        -line.tax_cents,
        0,
        0,
        orders.currency,
        orders.sold_at
    FROM orders
    JOIN silver.order_return_lines AS line USING (order_key)
    JOIN gold.dim_product USING (product_id)
),
order_rest AS (
    SELECT
        orders.*,
        orders.returned_gross_cents - orders.returned_discount_cents - orders.returned_inclusive_tax_cents
            - coalesce(return_sums.refund_cents, 0) AS rest_refund_cents,
        orders.tax_cents - orders.returned_tax_cents
            - coalesce(line_sums.tax_cents, 0) + coalesce(return_sums.tax_cents, 0) AS rest_tax_cents,
        orders.service_charge_cents - orders.returned_service_charge_cents
            - coalesce(line_sums.service_charge_cents, 0) AS rest_service_charge_cents,
        orders.tip_cents - orders.returned_tip_cents AS rest_tip_cents
    FROM orders
    LEFT JOIN line_sums USING (order_key)
    LEFT JOIN return_sums USING (order_key)
),
order_measures AS (
    SELECT
        business_date,
        order_key,
        0::smallint,
        0::smallint,
        'order',
        location_key,
        NULL::integer,
        NULL::integer,
        customer_key,
        0,
        0,
        0,
        rest_refund_cents,
        rest_tax_cents,
        rest_service_charge_cents,
        rest_tip_cents,
        currency,
        sold_at
    FROM order_rest
    WHERE (rest_refund_cents, rest_tax_cents, rest_service_charge_cents, rest_tip_cents) <> (0, 0, 0, 0)
),
measures AS (
    SELECT * FROM line_measures
    UNION ALL SELECT * FROM modifier_measures
    UNION ALL SELECT * FROM return_measures
    UNION ALL SELECT * FROM order_measures
)
INSERT INTO gold.fact_sales (
    business_date, order_key, line_number, modifier_number, kind, location_key, product_key, line_product_key,
    customer_key, quantity, gross_cents, discount_cents, refund_cents, net_cents, tax_cents, service_charge_cents,
    tip_cents, total_cents, currency, sold_at
)
SELECT
    business_date, order_key, line_number, modifier_number, kind, location_key, product_key, line_product_key,
    customer_key, quantity, gross_cents, discount_cents, refund_cents,
    gross_cents - discount_cents - refund_cents,
    tax_cents, service_charge_cents, tip_cents,
    gross_cents - discount_cents - refund_cents + tax_cents + service_charge_cents + tip_cents,
    currency, sold_at
FROM measures
