-- One row per location and currency: what lies on its shelves now.
SELECT
    location_name AS location,
    count(*) AS ingredients,
    (sum(value_cents) FILTER (WHERE value_cents > 0) / 100)::numeric(14, 2) AS stock_value,
    count(*) FILTER (WHERE on_hand_quantity < 0) AS below_zero,
    count(*) FILTER (WHERE unit_cost_cents IS NULL) AS without_price,
    count(*) FILTER (WHERE on_order_quantity > 0) AS on_order,
    min(expected_date) AS next_delivery,
    currency
FROM stock
GROUP BY location_name, currency
ORDER BY stock_value DESC NULLS LAST, location
