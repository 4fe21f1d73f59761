-- One row per location and ingredient that lasts fewer days than asked for, used up as fast as over the days asked for.
WITH used AS (
    SELECT
        location_name,
        ingredient_name,
        sum(used_quantity + wasted_quantity) / (:last_day - :first_day + 1) AS daily_quantity
    FROM ingredient_use
    WHERE business_date BETWEEN :first_day AND :last_day
    GROUP BY location_name, ingredient_name
)
SELECT
    location_name AS location,
    ingredient_name AS ingredient,
    stock.on_hand_quantity::numeric(14, 3) AS on_hand,
    stock.unit,
    used.daily_quantity::numeric(14, 3) AS used_per_day,
    greatest(stock.on_hand_quantity / used.daily_quantity, 0)::numeric(10, 1) AS days_left,
    stock.on_order_quantity::numeric(14, 3) AS on_order,
    stock.expected_date AS expected
FROM stock
JOIN used USING (location_name, ingredient_name)
WHERE used.daily_quantity > 0 AND stock.on_hand_quantity < used.daily_quantity * :days_left
ORDER BY location, days_left, ingredient
