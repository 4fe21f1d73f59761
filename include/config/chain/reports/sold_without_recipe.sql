-- One row per item variation, or modifier on it, that was sold without a recipe: nothing was taken off the shelves.
SELECT
    item_name AS item,
    variation_name AS variation,
    modifier_name AS modifier,
    sum(sold_quantity)::numeric(14, 0) AS sold,
    sum(order_count) AS orders,
    count(DISTINCT location_name) AS locations,
    max(business_date) AS last_sold
FROM unmapped_product
WHERE business_date BETWEEN :first_day AND :last_day
GROUP BY item_name, variation_name, modifier_name
ORDER BY orders DESC, item, variation, modifier
