-- One row per order: its SKUs added up.
SELECT
    order_id,
    customer_id,
    region,
    ordered_at,
    business_date,
    delivery_date,
    sum(sku_count)::bigint AS sku_count,
    sum(amount_cents)::bigint AS amount_cents
FROM sale
GROUP BY order_id, customer_id, region, ordered_at, business_date, delivery_date
