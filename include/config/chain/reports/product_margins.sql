-- One row per item variation and currency: what it brought in with its modifiers, and what its ingredients cost.
WITH sold AS (
    SELECT
        category,
        item_name,
        variation_name,
        currency,
        sum(sold_quantity) FILTER (WHERE modifier_name IS NULL) AS sold_quantity,
        sum(revenue_cents) AS revenue_cents,
        sum(cost_cents) AS cost_cents,
        sum(profit_cents) AS profit_cents,
        bool_and(has_recipe) FILTER (WHERE modifier_name IS NULL) AS has_recipe
    FROM product_sales
    WHERE business_date BETWEEN :first_day AND :last_day
        AND (cardinality(:locations) = 0 OR location_name = ANY(:locations))
    GROUP BY category, item_name, variation_name, currency
)
SELECT
    category,
    item_name AS item,
    variation_name AS variation,
    sold_quantity::numeric(14, 0) AS sold,
    (revenue_cents / 100)::numeric(14, 2) AS net_sales,
    CASE WHEN has_recipe THEN (cost_cents / 100)::numeric(14, 2) END AS cost_of_goods,
    CASE WHEN has_recipe THEN (profit_cents / 100)::numeric(14, 2) END AS profit,
    CASE WHEN has_recipe THEN (profit_cents / 100 / nullif(sold_quantity, 0))::numeric(14, 2) END AS profit_per_unit,
    CASE WHEN has_recipe THEN (100 * profit_cents / nullif(revenue_cents, 0))::numeric(8, 1) END AS margin_percent,
    rank() OVER (PARTITION BY currency ORDER BY profit_cents DESC NULLS LAST) AS profit_rank,
    currency
FROM sold
WHERE sold_quantity > 0
ORDER BY currency, profit_rank, item, variation
