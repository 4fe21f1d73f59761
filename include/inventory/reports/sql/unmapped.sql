-- One row per location and product that was sold without a recipe on the business day.
SELECT
    location_key,
    item_name,
    variation_name,
    modifier_name,
    trim_scale(quantity) AS sold_quantity,
    order_count
FROM inventory.unmapped
WHERE business_date = %(day)s AND location_key = ANY(%(location_keys)s)
ORDER BY location_key, quantity DESC, item_name, variation_name, modifier_name
