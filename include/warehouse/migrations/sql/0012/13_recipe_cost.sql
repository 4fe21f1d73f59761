CREATE VIEW reporting.recipe_cost AS
SELECT
    item.category,
    item.item_name,
    item.variation_name,
    modifier.item_name AS modifier_name,
    stretch.from_date,
    nullif(stretch.to_date, 'infinity') AS to_date,
    current_date >= stretch.from_date AND current_date < stretch.to_date AS is_current,
    stretch.cost_cents,
    price.price_cents,
    price.price_cents - stretch.cost_cents AS margin_cents,
    (price.price_cents - stretch.cost_cents) / nullif(price.price_cents, 0) AS margin_ratio,
    stretch.uncosted_ingredient_count,
    coalesce(stretch.currency, price.currency) AS currency
FROM inventory.recipe_cost AS stretch
JOIN gold.dim_product AS item USING (product_key)
LEFT JOIN gold.dim_product AS modifier ON modifier.product_key = nullif(stretch.modifier_key, 0)
LEFT JOIN silver.products AS price
    ON price.product_id = coalesce(modifier.product_id, item.product_id)
    AND price.currency = coalesce(stretch.currency, price.currency)
WHERE NOT item.is_deleted;

COMMENT ON VIEW reporting.recipe_cost IS
    'What an item costs to make, and its margin: one row per item variation, and per modifier on it, and stretch of '
    'days on which that cost did not change. WHERE is_current: as of today.';
COMMENT ON COLUMN reporting.recipe_cost.category IS 'The item''s category on the menu.';
COMMENT ON COLUMN reporting.recipe_cost.item_name IS 'Item.';
COMMENT ON COLUMN reporting.recipe_cost.variation_name IS 'Variation, such as the size.';
COMMENT ON COLUMN reporting.recipe_cost.modifier_name IS 'Modifier on that variation; empty: the variation itself.';
COMMENT ON COLUMN reporting.recipe_cost.from_date IS 'First business day on which it cost so much.';
COMMENT ON COLUMN reporting.recipe_cost.to_date IS 'First business day on which it no longer did; empty: no such day is known.';
COMMENT ON COLUMN reporting.recipe_cost.is_current IS 'Whether that is the cost of today.';
COMMENT ON COLUMN reporting.recipe_cost.cost_cents IS
    'Cost of its ingredients, in cents, not rounded. Of a modifier: the difference that it makes.';
COMMENT ON COLUMN reporting.recipe_cost.price_cents IS 'Price on the menu now, in cents, without tax added to it.';
COMMENT ON COLUMN reporting.recipe_cost.margin_cents IS 'Price less cost, in cents, not rounded.';
COMMENT ON COLUMN reporting.recipe_cost.margin_ratio IS 'Margin as a part of the price: 0.7 is seventy per cent.';
COMMENT ON COLUMN reporting.recipe_cost.uncosted_ingredient_count IS
    'Ingredients without a known price: the cost lacks them unless this is 0.';
COMMENT ON COLUMN reporting.recipe_cost.currency IS 'The currency of all amounts (ISO 4217).';
