CREATE VIEW reporting.ingredient_sales AS
WITH figure AS (
    SELECT
        moved.business_date,
        moved.location_key,
        moved.ingredient_key,
        coalesce(cost.currency, location.currency) AS currency,
        -moved.quantity AS used_quantity,
        -moved.quantity * coalesce(cost.unit_cost_cents, 0) AS cost_cents,
        0::numeric AS revenue_cents
    FROM inventory.daily_movement AS moved
    JOIN gold.dim_location AS location USING (location_key)
    LEFT JOIN inventory.ingredient_cost AS cost
        ON cost.ingredient_key = moved.ingredient_key
        AND moved.business_date >= cost.valid_from_date
        AND moved.business_date < cost.valid_to_date
    WHERE moved.kind IN ('sale', 'return')
    UNION ALL
    SELECT
        day.business_date,
        day.location_key,
        part.ingredient_key,
        day.currency,
        0,
        0,
        sum(day.net_cents * coalesce(part.share, 1))
    FROM inventory.product_day AS day
    LEFT JOIN inventory.recipe_share AS part
        ON part.product_key = day.product_key
        AND part.modifier_key = day.modifier_key
        AND day.business_date >= part.from_date
        AND day.business_date < part.to_date
    GROUP BY day.business_date, day.location_key, part.ingredient_key, day.currency
),
total AS (
    SELECT
        business_date,
        location_key,
        ingredient_key,
        currency,
        sum(used_quantity) AS used_quantity,
        sum(cost_cents) AS cost_cents,
        sum(revenue_cents) AS revenue_cents
    FROM figure
    GROUP BY business_date, location_key, ingredient_key, currency
)
SELECT
    total.business_date,
    location.name AS location_name,
    coalesce(ingredient.name, 'No ingredient') AS ingredient_name,
    ingredient.unit,
    total.used_quantity,
    total.cost_cents,
    total.revenue_cents,
    total.revenue_cents - total.cost_cents AS profit_cents,
    total.currency
FROM total
JOIN gold.dim_location AS location USING (location_key)
LEFT JOIN inventory.ingredient USING (ingredient_key);

COMMENT ON VIEW reporting.ingredient_sales IS
    'What an ingredient cost and what it helped to bring in: one row per business day, location and ingredient. Cost '
    'and revenue add up to those of reporting.product_sales.';
COMMENT ON COLUMN reporting.ingredient_sales.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.ingredient_sales.location_name IS 'Location.';
COMMENT ON COLUMN reporting.ingredient_sales.ingredient_name IS
    'Ingredient; "No ingredient" for the revenue of what has no recipe, or one that costs nothing.';
COMMENT ON COLUMN reporting.ingredient_sales.unit IS 'The unit of the quantity, such as kg or each.';
COMMENT ON COLUMN reporting.ingredient_sales.used_quantity IS
    'Used by what was sold, as the recipes say, less what went back on the shelf.';
COMMENT ON COLUMN reporting.ingredient_sales.cost_cents IS
    'Its cost, at what it cost on that business day; in cents, not rounded: round after adding up.';
COMMENT ON COLUMN reporting.ingredient_sales.revenue_cents IS
    'Its part of the net sales: those of a product are shared out over its ingredients as its cost is. In cents, not '
    'rounded.';
COMMENT ON COLUMN reporting.ingredient_sales.profit_cents IS 'Revenue less cost, in cents, not rounded.';
COMMENT ON COLUMN reporting.ingredient_sales.currency IS 'The currency of all amounts (ISO 4217).';
