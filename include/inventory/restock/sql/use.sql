-- One row per location, ingredient and business day from the one to the other on which it was used: how much, and
-- whether any of it was sold.
SELECT
    location_key,
    ingredient_key,
    business_date,
    -sum(quantity) AS quantity,
    bool_or(kind = 'sale') AS is_sold
FROM inventory.daily_movement
WHERE kind IN ('sale', 'waste')
    AND business_date BETWEEN %(first_date)s AND %(last_date)s
GROUP BY location_key, ingredient_key, business_date
