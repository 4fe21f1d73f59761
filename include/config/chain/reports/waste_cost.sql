-- One row per location, ingredient, reason and currency: what was thrown away over the days asked for, and its cost.
WITH wasted AS (
    SELECT
        location_name,
        ingredient_name,
        unit,
        business_date,
        coalesce(nullif(reason, ''), 'No reason given') AS reason,
        -quantity AS quantity
    FROM stock_movement
    WHERE business_date BETWEEN :first_day AND :last_day AND kind = 'waste'
),
cost AS (
    SELECT location_name, ingredient_name, business_date, unit_cost_cents, currency
    FROM ingredient_use
    WHERE business_date BETWEEN :first_day AND :last_day AND wasted_quantity <> 0
)
SELECT
    location_name AS location,
    ingredient_name AS ingredient,
    wasted.reason,
    sum(wasted.quantity)::numeric(14, 3) AS quantity,
    wasted.unit,
    count(*) AS times,
    (sum(wasted.quantity * cost.unit_cost_cents) / 100)::numeric(14, 2) AS cost,
    cost.currency
FROM wasted
LEFT JOIN cost USING (location_name, ingredient_name, business_date)
GROUP BY location_name, ingredient_name, wasted.reason, wasted.unit, cost.currency
ORDER BY cost DESC NULLS LAST, location, ingredient
