-- One row per recipe and stretch of business days on which all of its ingredients' costs stay as they are; the last day
-- is not in it.
CREATE VIEW inventory.recipe_cost AS
WITH boundary AS (
    SELECT recipe_key, valid_from_date AS from_date FROM inventory.recipe
    UNION
    SELECT recipe.recipe_key, changed.on_date
    FROM inventory.recipe
    JOIN inventory.recipe_ingredient USING (recipe_key)
    JOIN inventory.ingredient_cost AS cost USING (ingredient_key)
    CROSS JOIN LATERAL (VALUES (cost.valid_from_date), (cost.valid_to_date)) AS changed (on_date)
    WHERE changed.on_date > recipe.valid_from_date AND changed.on_date < recipe.valid_to_date
),
stretch AS (
    SELECT
        recipe_key,
        recipe.product_key,
        recipe.modifier_key,
        boundary.from_date,
        lead(boundary.from_date, 1, recipe.valid_to_date) OVER (
            PARTITION BY recipe_key ORDER BY boundary.from_date
        ) AS to_date
    FROM boundary
    JOIN inventory.recipe USING (recipe_key)
)
SELECT
    stretch.recipe_key,
    stretch.product_key,
    stretch.modifier_key,
    stretch.from_date,
    stretch.to_date,
    coalesce(sum(used.quantity * cost.unit_cost_cents), 0) AS cost_cents,
    -- Without what a modifier leaves out.
    coalesce(sum(greatest(used.quantity, 0) * cost.unit_cost_cents), 0) AS added_cost_cents,
    count(*) FILTER (WHERE used.ingredient_key IS NOT NULL AND cost.ingredient_key IS NULL)::integer
        AS uncosted_ingredient_count,
    min(cost.currency) AS currency
FROM stretch
LEFT JOIN inventory.recipe_ingredient AS used USING (recipe_key)
LEFT JOIN inventory.ingredient_cost AS cost
    ON cost.ingredient_key = used.ingredient_key
    AND stretch.from_date >= cost.valid_from_date
    AND stretch.from_date < cost.valid_to_date
GROUP BY stretch.recipe_key, stretch.product_key, stretch.modifier_key, stretch.from_date, stretch.to_date;
