-- One row per location and currency that sold or refunded something in the period.
SELECT
    location_key,
    currency,
    (count(DISTINCT order_key) FILTER (WHERE kind = 'line'))::integer AS order_count,
    sum(gross_cents)::bigint AS gross_cents,
    sum(discount_cents)::bigint AS discount_cents,
    sum(refund_cents)::bigint AS refund_cents,
    sum(net_cents)::bigint AS net_cents,
    sum(tax_cents)::bigint AS tax_cents,
    sum(service_charge_cents)::bigint AS service_charge_cents,
    sum(tip_cents)::bigint AS tip_cents,
    sum(total_cents)::bigint AS total_cents
FROM gold.fact_sales
WHERE location_key = ANY(%(location_keys)s)
    AND business_date BETWEEN %(first)s AND %(last)s
GROUP BY location_key, currency
