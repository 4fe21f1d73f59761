-- One row per SKU of a completed order in one currency, its modifiers included: gross less discounts, as it was sold.
-- What comes back is an order of its own at Square, and none here.
WITH sold AS (
    SELECT
        order_key,
        CASE kind WHEN 'modifier' THEN line_product_key ELSE product_key END AS product_key,
        sum(CASE
            WHEN kind <> 'line' THEN 0
            WHEN quantity = trunc(quantity) THEN quantity
            -- By weight: one piece.
            ELSE 1
        END)::bigint AS sku_count,
        sum(gross_cents - discount_cents)::bigint AS amount_cents
    FROM gold.fact_sales
    WHERE kind IN ('line', 'modifier') AND currency = %(currency)s
    GROUP BY order_key, CASE kind WHEN 'modifier' THEN line_product_key ELSE product_key END
),
-- Several products may share a SKU.
by_sku AS (
    SELECT
        sold.order_key,
        coalesce(nullif(product.sku, ''), product.product_id) AS sku_id,
        sum(sold.sku_count)::bigint AS sku_count,
        sum(sold.amount_cents)::bigint AS amount_cents
    FROM sold
    JOIN gold.dim_product AS product USING (product_key)
    GROUP BY sold.order_key, coalesce(nullif(product.sku, ''), product.product_id)
)
SELECT
    placed.order_id,
    by_sku.sku_id,
    known.customer_id,
    location.market AS region,
    CASE WHEN known.phone_number ~ '^\+[1-9][0-9]{6,14}$' THEN known.phone_number END AS mobile_number,
    CASE WHEN known.phone_number !~ '^\+[1-9][0-9]{6,14}$' THEN known.phone_number END AS raw_mobile_number,
    coalesce(placed.closed_at, placed.created_at) AS ordered_at,
    placed.business_date,
    placed.business_date AS delivery_date,
    by_sku.sku_count,
    by_sku.amount_cents
FROM by_sku
JOIN silver.orders AS placed USING (order_key)
JOIN silver.locations AS location USING (location_id)
LEFT JOIN silver.customers AS known ON known.customer_id = placed.customer_id AND known.valid_to_at = 'infinity'
