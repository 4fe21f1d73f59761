CREATE VIEW reporting.product_sales AS
WITH restocked AS (
    SELECT
        movement.business_date,
        movement.location_key,
        fact.product_key,
        sum(movement.quantity * cost.unit_cost_cents) AS cost_cents
    FROM inventory.movement
    JOIN gold.fact_sales AS fact
        ON fact.order_key = movement.order_key
        AND fact.kind = 'return'
        AND fact.line_number = movement.line_number
        AND fact.modifier_number = movement.modifier_number
    JOIN inventory.ingredient_cost AS cost
        ON cost.ingredient_key = movement.ingredient_key
        AND movement.business_date >= cost.valid_from_date
        AND movement.business_date < cost.valid_to_date
    WHERE movement.kind = 'return'
    GROUP BY movement.business_date, movement.location_key, fact.product_key
),
costed AS (
    SELECT
        day.*,
        recipe.recipe_key IS NOT NULL AS has_recipe,
        -- Costs in another currency than the sales cannot be held against them.
        CASE WHEN coalesce(recipe.currency, day.currency) = day.currency
            THEN coalesce(day.sold_quantity * recipe.cost_cents, 0) - coalesce(restocked.cost_cents, 0)
        END AS cost_cents
    FROM inventory.product_day AS day
    LEFT JOIN inventory.recipe_cost AS recipe
        ON recipe.product_key = day.product_key
        AND recipe.modifier_key = day.modifier_key
        AND day.business_date >= recipe.from_date
        AND day.business_date < recipe.to_date
    LEFT JOIN restocked
        ON restocked.business_date = day.business_date
        AND restocked.location_key = day.location_key
        AND restocked.product_key = day.product_key
        AND day.modifier_key = 0
)
SELECT
    costed.business_date,
    location.name AS location_name,
    coalesce(item.category, '') AS category,
    coalesce(nullif(item.item_name, ''), 'Not on an item') AS item_name,
    coalesce(item.variation_name, '') AS variation_name,
    modifier.item_name AS modifier_name,
    costed.sold_quantity,
    costed.returned_quantity,
    costed.net_cents AS revenue_cents,
    costed.cost_cents,
    costed.net_cents - costed.cost_cents AS profit_cents,
    costed.has_recipe,
    costed.currency
FROM costed
JOIN gold.dim_location AS location USING (location_key)
LEFT JOIN gold.dim_product AS item ON item.product_key = costed.product_key
LEFT JOIN gold.dim_product AS modifier ON modifier.product_key = nullif(costed.modifier_key, 0);

COMMENT ON VIEW reporting.product_sales IS
    'What was sold, what it brought in and what it cost: one row per business day, location, item variation and '
    'modifier on it. Revenue adds up to the net sales of the sales report, cost to the cost of the ingredients used.';
COMMENT ON COLUMN reporting.product_sales.business_date IS 'Business day of the location.';
COMMENT ON COLUMN reporting.product_sales.location_name IS 'Location.';
COMMENT ON COLUMN reporting.product_sales.category IS 'The item''s category on the menu.';
COMMENT ON COLUMN reporting.product_sales.item_name IS
    'Item; "Not on an item" for what stands on none, such as a refund of an amount.';
COMMENT ON COLUMN reporting.product_sales.variation_name IS 'Variation, such as the size.';
COMMENT ON COLUMN reporting.product_sales.modifier_name IS
    'Modifier on that variation; empty: the variation itself, without its modifiers.';
COMMENT ON COLUMN reporting.product_sales.sold_quantity IS 'How many were sold.';
COMMENT ON COLUMN reporting.product_sales.returned_quantity IS 'How many came back.';
COMMENT ON COLUMN reporting.product_sales.revenue_cents IS
    'Net sales, in cents: without tax, less discounts and refunds.';
COMMENT ON COLUMN reporting.product_sales.cost_cents IS
    'Cost of the ingredients, at what they cost on that business day, less what went back on the shelf; in cents, not '
    'rounded: round after adding up. 0 without a recipe; empty where costs are in another currency.';
COMMENT ON COLUMN reporting.product_sales.profit_cents IS 'Revenue less cost, in cents, not rounded.';
COMMENT ON COLUMN reporting.product_sales.has_recipe IS
    'Whether a recipe said what it uses. Without one no cost is known.';
COMMENT ON COLUMN reporting.product_sales.currency IS 'The currency of all amounts (ISO 4217).';
