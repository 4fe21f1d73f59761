-- One row per ingredient of a recipe's stretch (as inventory.recipe_cost has them): its part of the cost. The parts
-- of a stretch add up to 1; one whose ingredients cost nothing has none.
CREATE VIEW inventory.recipe_share AS
SELECT
    stretch.product_key,
    stretch.modifier_key,
    stretch.from_date,
    stretch.to_date,
    used.ingredient_key,
    used.quantity * cost.unit_cost_cents / stretch.added_cost_cents AS share
FROM inventory.recipe_cost AS stretch
JOIN inventory.recipe_ingredient AS used USING (recipe_key)
JOIN inventory.ingredient_cost AS cost
    ON cost.ingredient_key = used.ingredient_key
    AND stretch.from_date >= cost.valid_from_date
    AND stretch.from_date < cost.valid_to_date
WHERE used.quantity > 0 AND stretch.added_cost_cents > 0;
