-- One row per day of the period, after its first, on which a recipe or the cost of an ingredient became another.
SELECT changed.on_date
FROM (
    SELECT valid_from_date FROM inventory.recipe
    UNION
    SELECT valid_to_date FROM inventory.recipe
    UNION
    SELECT valid_from_date FROM inventory.ingredient_cost
    UNION
    SELECT valid_to_date FROM inventory.ingredient_cost
) AS changed (on_date)
WHERE changed.on_date > %(first)s AND changed.on_date <= %(last)s
ORDER BY changed.on_date
