-- One row per region and SKU that sold in the month to the day.
SELECT
    region,
    sku_id,
    coalesce(sum(sku_count) FILTER (WHERE business_date = %(day)s::date), 0)::bigint AS day_sku_count,
    coalesce(sum(amount_cents) FILTER (WHERE business_date = %(day)s::date), 0)::bigint AS day_revenue_cents,
    sum(sku_count)::bigint AS month_sku_count,
    count(*) AS month_order_count,
    sum(amount_cents)::bigint AS month_revenue_cents,
    (sum(sum(amount_cents)) OVER (PARTITION BY region))::bigint AS region_revenue_cents
FROM sale
WHERE business_date BETWEEN %(month)s::date AND %(day)s::date
GROUP BY region, sku_id
ORDER BY region IN ('(no customer)', '(no region)'), region COLLATE "C", month_revenue_cents DESC, sku_id COLLATE "C"
