-- One row per comparison, location and currency with sales in it: the sums over the comparison's periods.
SELECT
    span.comparison,
    day.location_key,
    day.currency,
    -- A location that is new has sold in some of the periods only: the average is over those.
    count(DISTINCT span.first_date)::integer AS period_count,
    sum(day.order_count)::integer AS order_count,
    sum(day.gross_cents)::bigint AS gross_cents,
    sum(day.discount_cents)::bigint AS discount_cents,
    sum(day.refund_cents)::bigint AS refund_cents,
    sum(day.net_cents)::bigint AS net_cents,
    sum(day.tax_cents)::bigint AS tax_cents,
    sum(day.service_charge_cents)::bigint AS service_charge_cents,
    sum(day.tip_cents)::bigint AS tip_cents,
    sum(day.total_cents)::bigint AS total_cents
FROM unnest(%(comparisons)s::integer[], %(firsts)s::date[], %(lasts)s::date[])
    AS span (comparison, first_date, last_date)
JOIN gold.daily_sales_summary AS day
    ON day.location_key = ANY(%(location_keys)s)
    AND day.business_date BETWEEN span.first_date AND span.last_date
GROUP BY span.comparison, day.location_key, day.currency
