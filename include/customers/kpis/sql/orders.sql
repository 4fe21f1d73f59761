-- One row per SKU of the orders of some business days.
SELECT
    sale.order_id,
    sale.sku_id,
    sale.customer_id,
    customer.customer_name,
    sale.mobile_number,
    sale.region,
    sale.ordered_at,
    sale.business_date,
    sale.sku_count,
    sale.amount_cents,
    sale.delivery_date > sale.business_date AS is_late
FROM sale
LEFT JOIN customer USING (customer_id)
WHERE sale.business_date BETWEEN %(first)s::date AND %(last)s::date
ORDER BY sale.ordered_at, sale.order_id COLLATE "C", sale.sku_id COLLATE "C"
