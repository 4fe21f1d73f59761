-- One row per location and ingredient that somebody has said the stock of: what there is, and what is known of it.
SELECT
    stock.location_key,
    stock.ingredient_key,
    stock.ingredient_name,
    stock.on_hand,
    coalesce(on_order.quantity, 0) AS on_order,
    on_order.expected_date,
    first_use.business_date AS first_use_date,
    shortage.shortage_key,
    shortage.level
FROM inventory.stock
LEFT JOIN inventory.on_order USING (location_key, ingredient_key)
LEFT JOIN inventory.shortage
    ON shortage.location_key = stock.location_key
    AND shortage.ingredient_key = stock.ingredient_key
    AND shortage.closed_at IS NULL
LEFT JOIN LATERAL (
    SELECT moved.business_date
    FROM inventory.daily_movement AS moved
    WHERE moved.location_key = stock.location_key
        AND moved.ingredient_key = stock.ingredient_key
        AND moved.kind IN ('sale', 'waste')
    ORDER BY moved.business_date
    LIMIT 1
) AS first_use ON true
WHERE stock.is_taken_over AND stock.is_active
ORDER BY stock.location_key, stock.ingredient_name
