CREATE VIEW reporting.unmapped_product AS
SELECT
    unmapped.business_date,
    location.name AS location_name,
    unmapped.item_name,
    unmapped.variation_name,
    unmapped.modifier_name,
    unmapped.quantity AS sold_quantity,
    unmapped.order_count
FROM inventory.unmapped
JOIN gold.dim_location AS location USING (location_key);

COMMENT ON VIEW reporting.unmapped_product IS
    'Sold without a recipe, so that nothing was taken off the shelf for it: one row per business day, location, item '
    'variation and modifier.';
COMMENT ON COLUMN reporting.unmapped_product.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.unmapped_product.location_name IS 'Location.';
COMMENT ON COLUMN reporting.unmapped_product.item_name IS 'Item.';
COMMENT ON COLUMN reporting.unmapped_product.variation_name IS 'Variation, such as the size.';
COMMENT ON COLUMN reporting.unmapped_product.modifier_name IS
    'The modifier that has no recipe on that variation; empty: the variation itself has none.';
COMMENT ON COLUMN reporting.unmapped_product.sold_quantity IS 'How many were sold.';
COMMENT ON COLUMN reporting.unmapped_product.order_count IS 'In how many orders.';
