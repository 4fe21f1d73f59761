-- One row per purchase order and ingredient of which something is still to come; the latest first.
SELECT
    expected_date AS expected,
    greatest(:today - expected_date, 0) AS days_late,
    location_name AS location,
    supplier_name AS supplier,
    order_number AS purchase_order,
    ingredient_name AS ingredient,
    remaining_quantity::numeric(14, 3) AS still_to_come,
    ordered_quantity::numeric(14, 3) AS ordered,
    unit,
    (ordered_cost_cents / 100.0)::numeric(14, 2) AS order_cost,
    currency
FROM purchase_order_line
WHERE remaining_quantity > 0
ORDER BY expected, location, supplier, purchase_order, ingredient
