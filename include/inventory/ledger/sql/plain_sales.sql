-- One row per order line (or modifier) and ingredient of the plain orders: nothing to compare with.
INSERT INTO inventory.movement (
    occurred_at, order_key, business_date, location_key, ingredient_key, line_number, modifier_number, kind, quantity
)
SELECT
    used.sold_at, used.order_key, used.business_date, used.location_key, used.ingredient_key, used.line_number,
    used.modifier_number, 'sale', -used.quantity
FROM deducted_order
JOIN inventory.sale_use AS used USING (order_key)
WHERE deducted_order.is_plain AND used.quantity <> 0
