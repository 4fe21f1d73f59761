-- One row per business day, location and measure that gold and silver's orders put at different sums. The days are those
-- between start_date and end_date, both included. Locations of which orders wait for gold again are left to the next run.
WITH waiting AS (
    SELECT DISTINCT location_id FROM gold.pending_order JOIN silver.orders USING (order_key)
),
stated AS (
    SELECT
        orders.business_date,
        orders.location_id,
        sum(gross_cents - inclusive_tax_cents)::bigint AS gross,
        sum(discount_cents)::bigint AS discount,
        sum(returned_gross_cents - returned_discount_cents - returned_inclusive_tax_cents)::bigint AS refund,
        sum(tax_cents - returned_tax_cents)::bigint AS tax,
        sum(service_charge_cents - returned_service_charge_cents)::bigint AS service_charge,
        sum(tip_cents - returned_tip_cents)::bigint AS tip,
        sum(total_cents - returned_total_cents)::bigint AS total
    FROM silver.orders
    WHERE state = 'COMPLETED' AND business_date BETWEEN %(start_date)s AND %(end_date)s
    GROUP BY orders.business_date, orders.location_id
),
counted AS (
    SELECT
        business_date,
        location_id,
        sum(gross_cents)::bigint AS gross,
        sum(discount_cents)::bigint AS discount,
        sum(refund_cents)::bigint AS refund,
        sum(net_cents)::bigint AS net,
        sum(tax_cents)::bigint AS tax,
        sum(service_charge_cents)::bigint AS service_charge,
        sum(tip_cents)::bigint AS tip,
        sum(total_cents)::bigint AS total
    FROM gold.daily_sales_summary
    JOIN gold.dim_location USING (location_key)
    WHERE business_date BETWEEN %(start_date)s AND %(end_date)s
    GROUP BY business_date, location_id
),
measures AS (
    SELECT business_date, location_id, measure.name, measure.stated_cents, measure.counted_cents
    FROM stated
    FULL JOIN counted USING (business_date, location_id)
    CROSS JOIN LATERAL (
        VALUES
            ('gross', stated.gross, counted.gross),
            ('discount', stated.discount, counted.discount),
            ('refund', stated.refund, counted.refund),
            ('net', stated.gross - stated.discount - stated.refund, counted.net),
            ('tax', stated.tax, counted.tax),
            ('service charge', stated.service_charge, counted.service_charge),
            ('tip', stated.tip, counted.tip),
            ('total', stated.total, counted.total)
    ) AS measure (name, stated_cents, counted_cents)
)
SELECT
    business_date,
    coalesce(locations.name, measures.location_id) AS location_name,
    measures.name AS measure,
    coalesce(stated_cents, 0) AS stated_cents,
    coalesce(counted_cents, 0) AS counted_cents
FROM measures
LEFT JOIN silver.locations USING (location_id)
WHERE measures.location_id NOT IN (SELECT location_id FROM waiting)
  AND coalesce(stated_cents, 0) <> coalesce(counted_cents, 0)
ORDER BY business_date, location_name, measure
