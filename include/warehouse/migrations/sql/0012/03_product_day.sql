-- One row per business day, location, variation and modifier on it (modifier_key 0: the variation itself): what was
-- sold. Sales that stand on no product (the rounding of a refund) have a row without keys, so that all rows add up to
-- gold's.
CREATE VIEW inventory.product_day AS
SELECT
    performance.business_date,
    performance.location_key,
    performance.product_key,
    0 AS modifier_key,
    performance.currency,
    performance.sold_quantity,
    performance.returned_quantity,
    performance.net_cents
FROM gold.product_performance AS performance
JOIN gold.dim_product AS product USING (product_key)
WHERE product.kind = 'variation'
UNION ALL
SELECT
    business_date,
    location_key,
    line_product_key,
    product_key,
    currency,
    sum(quantity) FILTER (WHERE kind = 'modifier'),
    0,
    sum(net_cents)::bigint
FROM gold.fact_sales
WHERE kind = 'modifier' OR (product_key IS NULL AND net_cents <> 0)
GROUP BY business_date, location_key, line_product_key, product_key, currency;
