INSERT INTO inventory.square_change (
    batch_id, change_number, location_key, ingredient_key, location_id, variation_id, from_state, to_state, quantity,
    occurred_at, level_change, late_quantity
)
VALUES (
    %(batch_id)s, %(change_number)s, %(location_key)s, %(ingredient_key)s, %(location_id)s, %(variation_id)s,
    %(from_state)s, %(to_state)s, %(quantity)s, %(occurred_at)s, %(level_change)s, %(late_quantity)s
)
