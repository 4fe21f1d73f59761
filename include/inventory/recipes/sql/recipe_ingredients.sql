-- One row per ingredient of a recipe that is stated; those of recipes that have ended stay as they are.
MERGE INTO inventory.recipe_ingredient AS known
USING (
    SELECT recipe.recipe_key, ingredient.ingredient_key, stated.quantity
    FROM stated_sold
    JOIN stated_recipe_ingredient AS stated USING (number)
    JOIN inventory.recipe USING (product_key, modifier_key, valid_from_date)
    JOIN inventory.ingredient ON ingredient.name = stated.ingredient
) AS stated ON known.recipe_key = stated.recipe_key AND known.ingredient_key = stated.ingredient_key
WHEN MATCHED AND known.quantity <> stated.quantity THEN UPDATE SET quantity = stated.quantity
WHEN NOT MATCHED BY TARGET THEN INSERT (recipe_key, ingredient_key, quantity)
VALUES (stated.recipe_key, stated.ingredient_key, stated.quantity)
WHEN NOT MATCHED BY SOURCE AND known.recipe_key IN (
    SELECT recipe_key FROM stated_sold JOIN inventory.recipe USING (product_key, modifier_key, valid_from_date)
) THEN DELETE
