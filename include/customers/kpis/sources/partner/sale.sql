-- One row per SKU of an order, as the newest delivery that names the order tells.
-- The order's number and time are those of its first row that gives a number: the others may leave it out.
WITH line AS (
    SELECT *
    FROM silver.partner_orders
    WHERE is_current
),
first_row AS (
    SELECT
        order_id,
        coalesce(min(row_number) FILTER (WHERE mobile_number IS NOT NULL), min(row_number)) AS row_number
    FROM line
    GROUP BY order_id
),
header AS (
    SELECT line.order_id, line.mobile_number, line.raw_mobile_number, line.ordered_at, line.business_date
    FROM line
    JOIN first_row USING (order_id, row_number)
),
-- One row per number: who has it, else who had it last.
holder AS (
    SELECT DISTINCT ON (mobile_number) mobile_number, customer_id
    FROM silver.partner_customers
    WHERE mobile_number IS NOT NULL
    ORDER BY mobile_number, is_current DESC, delivery_date DESC, customer_id COLLATE "C"
)
SELECT
    line.order_id,
    line.sku_id,
    holder.customer_id,
    coalesce(
        customer.region,
        CASE WHEN holder.customer_id IS NULL THEN '(no customer)' ELSE '(no region)' END
    ) AS region,
    header.mobile_number,
    header.raw_mobile_number,
    header.ordered_at,
    header.business_date,
    line.delivery_date,
    line.sku_count,
    line.total_amount_cents AS amount_cents
FROM line
JOIN header USING (order_id)
LEFT JOIN holder ON holder.mobile_number = header.mobile_number
LEFT JOIN customer ON customer.customer_id = holder.customer_id
