-- One row per SKU of the orders without a customer that were placed, or came, in the last 30 days.
SELECT
    order_id,
    sku_id,
    mobile_number,
    raw_mobile_number,
    CASE
        WHEN mobile_number IS NOT NULL THEN 'nobody has this number'
        WHEN raw_mobile_number IS NOT NULL THEN 'not a mobile number'
        ELSE 'no mobile number'
    END AS reason,
    ordered_at,
    business_date,
    delivery_date,
    sku_count,
    amount_cents
FROM sale
WHERE customer_id IS NULL
    AND business_date <= %(day)s::date
    AND (business_date >= %(recent)s::date OR delivery_date >= %(recent)s::date)
ORDER BY ordered_at DESC, order_id COLLATE "C", sku_id COLLATE "C"
