-- One row per ingredient and stretch of days at one cost. What is stated replaces all rows of its ingredient; the rows
-- of an ingredient without a stated cost end.
MERGE INTO inventory.ingredient_cost AS known
USING (
    SELECT
        ingredient.ingredient_key,
        stated.valid_from_date,
        coalesce(stated.valid_to_date, 'infinity') AS valid_to_date,
        round(stated.pack_cents / stated.pack_quantity, 8) AS unit_cost_cents
    FROM stated_cost AS stated
    JOIN inventory.ingredient ON ingredient.name = stated.ingredient
) AS stated ON known.ingredient_key = stated.ingredient_key AND known.valid_from_date = stated.valid_from_date
WHEN MATCHED AND (
    known.valid_to_date, known.unit_cost_cents, known.currency
) IS DISTINCT FROM (
    stated.valid_to_date, stated.unit_cost_cents, %(currency)s
) THEN UPDATE SET
    valid_to_date = stated.valid_to_date, unit_cost_cents = stated.unit_cost_cents, currency = %(currency)s
WHEN NOT MATCHED BY TARGET THEN INSERT (ingredient_key, valid_from_date, valid_to_date, unit_cost_cents, currency)
VALUES (
    stated.ingredient_key, stated.valid_from_date, stated.valid_to_date, stated.unit_cost_cents, %(currency)s
)
WHEN NOT MATCHED BY SOURCE AND (
    known.valid_from_date >= %(today)s
    OR known.ingredient_key IN (
        SELECT ingredient_key FROM stated_cost JOIN inventory.ingredient ON ingredient.name = stated_cost.ingredient
    )
) THEN DELETE
WHEN NOT MATCHED BY SOURCE AND known.valid_to_date > %(today)s THEN UPDATE SET valid_to_date = %(today)s
