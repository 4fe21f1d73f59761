-- One row per location, reason and currency: money that went back over the days asked for.
WITH refunded AS (
    SELECT
        location_name,
        coalesce(nullif(reason, ''), 'No reason given') AS reason,
        currency,
        count(*) AS refund_count,
        sum(amount_cents) AS amount_cents,
        max(amount_cents) AS largest_cents
    FROM refund
    WHERE business_date BETWEEN :first_day AND :last_day AND status IN ('APPROVED', 'PENDING')
    GROUP BY location_name, coalesce(nullif(reason, ''), 'No reason given'), currency
),
sold AS (
    SELECT location_name, currency, sum(gross_cents - discount_cents) AS sold_cents
    FROM daily_sales
    WHERE business_date BETWEEN :first_day AND :last_day
    GROUP BY location_name, currency
)
SELECT
    location_name AS location,
    refunded.reason,
    refunded.refund_count AS refunds,
    (refunded.amount_cents / 100)::numeric(14, 2) AS refunded_with_tax,
    (refunded.amount_cents / 100 / refunded.refund_count)::numeric(14, 2) AS average_refund,
    (refunded.largest_cents / 100.0)::numeric(14, 2) AS largest_refund,
    (100 * refunded.amount_cents / nullif(sold.sold_cents, 0))::numeric(8, 2) AS percent_of_sales,
    currency
FROM refunded
LEFT JOIN sold USING (location_name, currency)
ORDER BY refunded.amount_cents DESC, location, refunded.reason
