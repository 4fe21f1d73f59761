CREATE VIEW reporting.product AS
SELECT
    product.product_id,
    product.kind,
    product.category,
    product.item_name,
    product.variation_name,
    product.sku,
    listed.price_cents,
    listed.currency,
    listed.product_id IS NOT NULL AS is_in_catalog,
    product.is_deleted
FROM gold.dim_product AS product
LEFT JOIN silver.products AS listed USING (product_id);

COMMENT ON VIEW reporting.product IS
    'What can stand on an order: one row per item variation and per modifier, and per name that was rung up without '
    'being in the catalog.';
COMMENT ON COLUMN reporting.product.product_id IS 'Square''s id of it; of what is not in the catalog, our own key.';
COMMENT ON COLUMN reporting.product.kind IS 'variation or modifier.';
COMMENT ON COLUMN reporting.product.category IS 'The item''s category on the menu; empty without one.';
COMMENT ON COLUMN reporting.product.item_name IS 'Item, or modifier.';
COMMENT ON COLUMN reporting.product.variation_name IS 'Variation, such as the size; empty for a modifier.';
COMMENT ON COLUMN reporting.product.sku IS 'Our key of it in Square''s catalog; empty without one.';
COMMENT ON COLUMN reporting.product.price_cents IS
    'Price on the menu now, in cents; empty where it is set at the till.';
COMMENT ON COLUMN reporting.product.currency IS 'The currency of the price (ISO 4217).';
COMMENT ON COLUMN reporting.product.is_in_catalog IS
    'Whether Square''s catalog has or had it; not so for an amount that somebody typed in.';
COMMENT ON COLUMN reporting.product.is_deleted IS 'Whether it was taken out of the catalog.';
