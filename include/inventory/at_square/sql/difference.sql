INSERT INTO inventory.square_difference (
    found_by, found_date, location_key, ingredient_key, ledger_quantity, expected_quantity, square_quantity
)
VALUES (
    %(found_by)s, %(found_date)s, %(location_key)s, %(ingredient_key)s, %(ledger_quantity)s, %(expected_quantity)s,
    %(square_quantity)s
)
