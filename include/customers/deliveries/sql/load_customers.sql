-- From staged_customers to silver.partner_customers: replaces what the day's earlier file brought.
-- Parameters: the file's delivery_date and file_id. Run statement by statement, in this order.

-- One row per row whose customer a later row of the file names again: the last row counts.
INSERT INTO repeated_customers (row_number, last_row_number)
WITH repeated AS (
    SELECT customer_id, max(row_number) AS last_row_number
    FROM staged_customers
    GROUP BY customer_id
    HAVING count(*) > 1
)
SELECT staged.row_number, repeated.last_row_number
FROM staged_customers AS staged
JOIN repeated ON repeated.customer_id = staged.customer_id
WHERE staged.row_number < repeated.last_row_number;

INSERT INTO partner.file_problem (file_id, row_number, column_name, kind, is_rejected, value, message)
SELECT %(file_id)s::bigint, row_number, 'customer_id', 'repeated row', false, NULL,
    'row ' || last_row_number::text || ' names the same customer: that one counts'
FROM repeated_customers
ORDER BY row_number
LIMIT 10000;

INSERT INTO gone_customers (customer_id)
SELECT earlier.customer_id
FROM silver.partner_customers AS earlier
WHERE earlier.delivery_date = %(delivery_date)s::date
    AND earlier.is_current
    AND NOT EXISTS (SELECT 1 FROM staged_customers AS staged WHERE staged.customer_id = earlier.customer_id);

DELETE FROM silver.partner_customers WHERE delivery_date = %(delivery_date)s::date;

-- A customer whom a newer delivery names is not current here.
INSERT INTO silver.partner_customers (
    delivery_date, customer_id, customer_name, mobile_number, raw_mobile_number, region, is_current, file_id, row_number
)
WITH newer AS (
    SELECT DISTINCT customer_id FROM silver.partner_customers WHERE delivery_date > %(delivery_date)s::date
)
SELECT %(delivery_date)s::date, staged.customer_id, staged.customer_name, staged.mobile_number,
    staged.raw_mobile_number, staged.region, newer.customer_id IS NULL, %(file_id)s::bigint, staged.row_number
FROM staged_customers AS staged
LEFT JOIN repeated_customers AS repeated ON repeated.row_number = staged.row_number
LEFT JOIN newer ON newer.customer_id = staged.customer_id
WHERE repeated.row_number IS NULL;

-- What older deliveries say of the file's customers holds no longer.
UPDATE silver.partner_customers
SET is_current = false
WHERE is_current
    AND delivery_date < %(delivery_date)s::date
    AND customer_id IN (SELECT customer_id FROM staged_customers);

-- What an older delivery says of a customer who is gone from this one holds again.
UPDATE silver.partner_customers
SET is_current = true
FROM (
    SELECT older.customer_id, max(older.delivery_date) AS delivery_date
    FROM silver.partner_customers AS older
    JOIN gone_customers AS gone ON gone.customer_id = older.customer_id
    GROUP BY older.customer_id
) AS newest
WHERE partner_customers.customer_id = newest.customer_id
    AND partner_customers.delivery_date = newest.delivery_date;
