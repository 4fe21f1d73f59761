-- One row per location and ingredient that the ledger has taken over and of which Square has to be told something, or
-- has sold something itself.
WITH recent AS (
    SELECT
        movement.location_key,
        movement.ingredient_key,
        movement.kind,
        movement.quantity,
        movement.occurred_at,
        -- A sale of the very variation that is counted: Square takes that off by itself. It may be used otherwise too.
        ingredient.is_sold_by_square
            AND movement.kind = 'sale'
            AND movement.modifier_number = 0
            AND EXISTS (
                SELECT
                FROM silver.order_lines AS line
                JOIN silver.products USING (product_id)
                WHERE line.order_key = movement.order_key
                    AND line.line_number = movement.line_number
                    AND products.sku = ingredient.sku
            ) AS is_squares
    FROM inventory.movement
    JOIN inventory.ingredient USING (ingredient_key)
    JOIN inventory.square_level USING (location_key, ingredient_key)
    WHERE movement.movement_id > (SELECT movement_id FROM inventory.square_watermark)
),
sums AS (
    SELECT
        location_key,
        ingredient_key,
        sum(quantity) FILTER (WHERE is_squares) AS squares_quantity,
        sum(quantity) FILTER (WHERE kind IN ('sale', 'return') AND NOT is_squares) AS sold_quantity,
        sum(quantity) FILTER (WHERE kind = 'waste') AS wasted_quantity,
        sum(quantity) FILTER (WHERE kind = 'receipt' OR kind = 'transfer' AND quantity > 0) AS received_quantity,
        sum(quantity) FILTER (WHERE kind = 'transfer' AND quantity < 0) AS passed_on_quantity,
        sum(quantity) FILTER (WHERE occurred_at < %(oldest_at)s AND NOT is_squares) AS late_quantity,
        coalesce(bool_or(occurred_at < %(oldest_at)s AND NOT is_squares), false) AS is_late,
        bool_or(kind IN ('opening', 'count')) AS is_counted,
        max(occurred_at) FILTER (WHERE NOT is_squares) AS newest_at
    FROM recent
    GROUP BY location_key, ingredient_key
)
SELECT
    stock.location_key,
    place.location_id,
    stock.ingredient_key,
    place.variation_id,
    ingredient.is_sold_by_square,
    stock.quantity AS ledger_quantity,
    level.quantity + coalesce(sums.squares_quantity, 0) AS level_quantity,
    level.occurred_at AS sent_at,
    coalesce(level.refusal_count, 0) AS refusal_count,
    coalesce(sums.sold_quantity, 0) AS sold_quantity,
    coalesce(sums.wasted_quantity, 0) AS wasted_quantity,
    coalesce(sums.received_quantity, 0) AS received_quantity,
    coalesce(sums.passed_on_quantity, 0) AS passed_on_quantity,
    coalesce(sums.late_quantity, 0) AS late_quantity,
    coalesce(sums.is_late, false) AS is_late,
    coalesce(sums.is_counted, false) AS is_counted,
    sums.newest_at
FROM inventory.stock_level AS stock
JOIN inventory.ingredient USING (ingredient_key)
JOIN inventory.square_place AS place USING (location_key, ingredient_key)
LEFT JOIN inventory.square_level AS level USING (location_key, ingredient_key)
LEFT JOIN sums USING (location_key, ingredient_key)
WHERE stock.is_taken_over
    AND (
        level.quantity IS DISTINCT FROM stock.quantity
        OR coalesce(sums.squares_quantity, 0) <> 0
        OR level.refusal_count > 0
    )
ORDER BY stock.location_key, stock.ingredient_key
