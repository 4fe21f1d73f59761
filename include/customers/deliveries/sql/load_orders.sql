-- From staged_orders to silver.partner_orders: replaces what the day's earlier file brought.
-- Parameters: the file's delivery_date and file_id. Run statement by statement, in this order.

-- One row per row whose order and SKU a later row of the file has again: the last row counts.
INSERT INTO repeated_orders (row_number, last_row_number)
WITH repeated AS (
    SELECT order_id, sku_id, max(row_number) AS last_row_number
    FROM staged_orders
    GROUP BY order_id, sku_id
    HAVING count(*) > 1
)
SELECT staged.row_number, repeated.last_row_number
FROM staged_orders AS staged
JOIN repeated ON repeated.order_id = staged.order_id AND repeated.sku_id = staged.sku_id
WHERE staged.row_number < repeated.last_row_number;

INSERT INTO partner.file_problem (file_id, row_number, column_name, kind, is_rejected, value, message)
SELECT %(file_id)s::bigint, row_number, 'order_id', 'repeated row', false, NULL,
    'row ' || last_row_number::text || ' has the same order and SKU: that one counts'
FROM repeated_orders
ORDER BY row_number
LIMIT 10000;

-- Such an order counts, on its own day.
INSERT INTO partner.file_problem (file_id, row_number, column_name, kind, is_rejected, value, message)
SELECT %(file_id)s::bigint, row_number, 'order_date_time', 'after the day', false, NULL,
    'the order is of a day after the file''s'
FROM staged_orders
WHERE business_date > %(delivery_date)s::date
ORDER BY row_number
LIMIT 10000;

INSERT INTO gone_orders (order_id)
SELECT DISTINCT earlier.order_id
FROM silver.partner_orders AS earlier
WHERE earlier.delivery_date = %(delivery_date)s::date
    AND earlier.is_current
    AND NOT EXISTS (SELECT 1 FROM staged_orders AS staged WHERE staged.order_id = earlier.order_id);

DELETE FROM silver.partner_orders WHERE delivery_date = %(delivery_date)s::date;

-- An order that a newer delivery names is not current here, with none of its SKUs.
INSERT INTO silver.partner_orders (
    delivery_date, order_id, sku_id, mobile_number, raw_mobile_number, ordered_at, business_date, sku_count,
    total_amount_cents, is_current, file_id, row_number
)
WITH newer AS (
    SELECT DISTINCT order_id FROM silver.partner_orders WHERE delivery_date > %(delivery_date)s::date
)
SELECT %(delivery_date)s::date, staged.order_id, staged.sku_id, staged.mobile_number, staged.raw_mobile_number,
    staged.ordered_at, staged.business_date, staged.sku_count, staged.total_amount_cents, newer.order_id IS NULL,
    %(file_id)s::bigint, staged.row_number
FROM staged_orders AS staged
LEFT JOIN repeated_orders AS repeated ON repeated.row_number = staged.row_number
LEFT JOIN newer ON newer.order_id = staged.order_id
WHERE repeated.row_number IS NULL;

-- What older deliveries say of the file's orders holds no longer.
UPDATE silver.partner_orders
SET is_current = false
WHERE is_current
    AND delivery_date < %(delivery_date)s::date
    AND order_id IN (SELECT order_id FROM staged_orders);

-- What an older delivery says of an order that is gone from this one holds again.
UPDATE silver.partner_orders
SET is_current = true
FROM (
    SELECT older.order_id, max(older.delivery_date) AS delivery_date
    FROM silver.partner_orders AS older
    JOIN gone_orders AS gone ON gone.order_id = older.order_id
    GROUP BY older.order_id
) AS newest
WHERE partner_orders.order_id = newest.order_id
    AND partner_orders.delivery_date = newest.delivery_date;
