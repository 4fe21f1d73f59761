-- One row per item variation whose margin, at today's price and costs, is thinner than asked for, or of which some
-- ingredient has no price, so that its margin is not known.
SELECT
    category,
    item_name AS item,
    variation_name AS variation,
    (price_cents / 100.0)::numeric(14, 2) AS price,
    (cost_cents / 100)::numeric(14, 2) AS cost,
    (margin_cents / 100)::numeric(14, 2) AS margin,
    (100 * margin_ratio)::numeric(8, 1) AS margin_percent,
    -- What it would have to cost for the margin that is asked for.
    ceil(cost_cents / nullif(1 - :least_margin_percent / 100, 0) / 25)::numeric * 0.25 AS price_for_margin,
    uncosted_ingredient_count AS ingredients_without_price,
    currency
FROM recipe_cost
WHERE is_current
    AND modifier_name IS NULL
    AND (100 * margin_ratio < :least_margin_percent OR uncosted_ingredient_count > 0)
ORDER BY margin_percent NULLS FIRST, item, variation
