CREATE VIEW reporting.daily_product_sales AS
SELECT
    performance.business_date,
    location.location_id,
    location.name AS location_name,
    location.market,
    location.country,
    location.parent_company,
    product.product_id,
    product.kind,
    product.category,
    product.item_name,
    product.variation_name,
    product.sku,
    performance.sold_quantity,
    performance.returned_quantity,
    performance.order_count,
    performance.gross_cents,
    performance.discount_cents,
    performance.refund_cents,
    performance.net_cents,
    performance.currency
FROM gold.product_performance AS performance
JOIN gold.dim_location AS location USING (location_key)
JOIN gold.dim_product AS product USING (product_key);

COMMENT ON VIEW reporting.daily_product_sales IS
    'What was sold of each product by day: one row per business day, location, product (item variation or modifier) '
    'and currency. Sales on no product, such as a refund of an amount, are not in it; reporting.product_sales has '
    'them, and costs.';
COMMENT ON COLUMN reporting.daily_product_sales.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.daily_product_sales.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.daily_product_sales.location_name IS 'Location.';
COMMENT ON COLUMN reporting.daily_product_sales.market IS 'Its market, as the chain''s configuration has it.';
COMMENT ON COLUMN reporting.daily_product_sales.country IS 'Its country (ISO 3166).';
COMMENT ON COLUMN reporting.daily_product_sales.parent_company IS 'The company that it belongs to.';
COMMENT ON COLUMN reporting.daily_product_sales.product_id IS 'Square''s id of the product.';
COMMENT ON COLUMN reporting.daily_product_sales.kind IS 'variation or modifier.';
COMMENT ON COLUMN reporting.daily_product_sales.category IS
    'The item''s category on the menu of today; empty without one.';
COMMENT ON COLUMN reporting.daily_product_sales.item_name IS 'Item, or modifier, as the menu calls it.';
COMMENT ON COLUMN reporting.daily_product_sales.variation_name IS 'Variation, such as the size; empty for a modifier.';
COMMENT ON COLUMN reporting.daily_product_sales.sku IS 'Our key of it in Square''s catalog; empty without one.';
COMMENT ON COLUMN reporting.daily_product_sales.sold_quantity IS
    'How many were sold; of a modifier, times the items that it is on.';
COMMENT ON COLUMN reporting.daily_product_sales.returned_quantity IS 'How many came back.';
COMMENT ON COLUMN reporting.daily_product_sales.order_count IS 'In how many orders it was sold.';
COMMENT ON COLUMN reporting.daily_product_sales.gross_cents IS
    'Sales before discounts and refunds, without tax and, of a variation, without its modifiers; in cents.';
COMMENT ON COLUMN reporting.daily_product_sales.discount_cents IS
    'Discounts, in cents; those of a line are all on its variation.';
COMMENT ON COLUMN reporting.daily_product_sales.refund_cents IS 'Sales given back, without tax; in cents.';
COMMENT ON COLUMN reporting.daily_product_sales.net_cents IS 'Net sales: gross less discounts and refunds; in cents.';
COMMENT ON COLUMN reporting.daily_product_sales.currency IS 'The currency of all amounts (ISO 4217).';
