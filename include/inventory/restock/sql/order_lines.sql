-- One row per line of some purchase orders, the one that runs out first before the others.
SELECT
    progress.purchase_order_key,
    progress.ingredient_key,
    ingredient.name AS ingredient_name,
    ingredient.unit,
    line.pack_name,
    line.pack_quantity,
    line.pack_price_cents,
    line.proposed_pack_count,
    line.ordered_pack_count,
    progress.ordered_quantity,
    progress.received_quantity,
    progress.remaining_quantity,
    line.on_hand,
    line.on_order,
    line.reorder_point,
    line.maximum_quantity,
    line.daily_use,
    line.runs_out_date
FROM inventory.purchase_order_progress AS progress
JOIN inventory.ingredient USING (ingredient_key)
JOIN inventory.purchase_order_line AS line USING (purchase_order_key, ingredient_key)
WHERE progress.purchase_order_key = ANY(%(purchase_order_keys)s)
ORDER BY progress.purchase_order_key, line.runs_out_date NULLS LAST, ingredient.name
