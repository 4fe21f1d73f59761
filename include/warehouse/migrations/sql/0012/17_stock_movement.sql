CREATE VIEW reporting.stock_movement AS
SELECT
    movement.movement_id,
    movement.business_date,
    location.location_id,
    location.name AS location_name,
    movement.occurred_at,
    movement.occurred_at AT TIME ZONE location.timezone AS occurred_at_local,
    movement.kind,
    ingredient.name AS ingredient_name,
    movement.quantity,
    ingredient.unit,
    orders.order_id,
    item.item_name,
    item.variation_name,
    modifier.item_name AS modifier_name,
    entry.reason,
    entry.entered_by,
    movement.correction_number > 0 AS is_correction
FROM inventory.movement
JOIN gold.dim_location AS location USING (location_key)
JOIN inventory.ingredient USING (ingredient_key)
LEFT JOIN silver.orders USING (order_key)
LEFT JOIN gold.fact_sales AS fact
    ON fact.order_key = movement.order_key
    AND fact.line_number = movement.line_number
    AND fact.modifier_number = movement.modifier_number
    AND fact.kind = CASE
        WHEN movement.kind = 'return' THEN 'return'
        WHEN movement.modifier_number = 0 THEN 'line'
        ELSE 'modifier'
    END
LEFT JOIN gold.dim_product AS item ON item.product_key = fact.line_product_key
LEFT JOIN gold.dim_product AS modifier ON fact.kind = 'modifier' AND modifier.product_key = fact.product_key
LEFT JOIN inventory.entry USING (entry_id);

COMMENT ON VIEW reporting.stock_movement IS
    'The ledger: one row per change of an ingredient''s stock at a location. It is only ever added to; their sum is '
    'what is on the shelf. Ask for a business_date: a year has millions of rows.';
COMMENT ON COLUMN reporting.stock_movement.movement_id IS 'Number of the row, in the order of booking.';
COMMENT ON COLUMN reporting.stock_movement.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.stock_movement.location_id IS 'Square''s id of the location.';
COMMENT ON COLUMN reporting.stock_movement.location_name IS 'Location.';
COMMENT ON COLUMN reporting.stock_movement.occurred_at IS 'When it happened.';
COMMENT ON COLUMN reporting.stock_movement.occurred_at_local IS 'When it happened, by the clock of the location.';
COMMENT ON COLUMN reporting.stock_movement.kind IS
    'sale, return (went back on the shelf), opening, receipt, waste, count (the difference it found) or transfer.';
COMMENT ON COLUMN reporting.stock_movement.ingredient_name IS 'Ingredient.';
COMMENT ON COLUMN reporting.stock_movement.quantity IS 'By how much the stock changed; below zero: taken off.';
COMMENT ON COLUMN reporting.stock_movement.unit IS 'The unit of the quantity, such as kg or each.';
COMMENT ON COLUMN reporting.stock_movement.order_id IS 'Square''s id of the order, of a sale or return.';
COMMENT ON COLUMN reporting.stock_movement.item_name IS 'The item that was sold, if it still stands on the order.';
COMMENT ON COLUMN reporting.stock_movement.variation_name IS 'Its variation, such as the size.';
COMMENT ON COLUMN reporting.stock_movement.modifier_name IS
    'The modifier that made the difference; empty: the item itself.';
COMMENT ON COLUMN reporting.stock_movement.reason IS 'Why, as told by who entered it; empty for sales.';
COMMENT ON COLUMN reporting.stock_movement.entered_by IS 'Who entered it; empty for sales.';
COMMENT ON COLUMN reporting.stock_movement.is_correction IS 'Whether it puts an earlier row right.';
