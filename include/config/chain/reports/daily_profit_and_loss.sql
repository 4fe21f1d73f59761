-- One row per location and currency: what it took over the days asked for, less what the goods cost.
WITH sales AS (
    SELECT
        location_name,
        currency,
        sum(order_count) AS order_count,
        sum(gross_cents) AS gross_cents,
        sum(discount_cents) AS discount_cents,
        sum(refund_cents) AS refund_cents,
        sum(net_cents) AS net_cents
    FROM daily_sales
    WHERE business_date BETWEEN :first_day AND :last_day
    GROUP BY location_name, currency
),
goods AS (
    SELECT location_name, currency, sum(cost_cents) AS cost_cents
    FROM product_sales
    WHERE business_date BETWEEN :first_day AND :last_day
    GROUP BY location_name, currency
),
shelves AS (
    SELECT
        location_name,
        currency,
        sum(wasted_cost_cents) AS waste_cents,
        -sum(count_difference_cost_cents) AS missing_cents
    FROM ingredient_use
    WHERE business_date BETWEEN :first_day AND :last_day AND currency IS NOT NULL
    GROUP BY location_name, currency
),
figures AS (
    SELECT
        location_name,
        currency,
        coalesce(sales.order_count, 0) AS order_count,
        coalesce(sales.gross_cents, 0) AS gross_cents,
        coalesce(sales.discount_cents, 0) AS discount_cents,
        coalesce(sales.refund_cents, 0) AS refund_cents,
        coalesce(sales.net_cents, 0) AS net_cents,
        coalesce(goods.cost_cents, 0) AS cost_cents,
        coalesce(shelves.waste_cents, 0) AS waste_cents,
        coalesce(shelves.missing_cents, 0) AS missing_cents
    FROM sales
    FULL JOIN goods USING (location_name, currency)
    FULL JOIN shelves USING (location_name, currency)
)
SELECT
    figures.location_name AS location,
    figures.order_count AS orders,
    (figures.gross_cents / 100)::numeric(14, 2) AS gross_sales,
    (figures.discount_cents / 100)::numeric(14, 2) AS discounts,
    (figures.refund_cents / 100)::numeric(14, 2) AS refunds,
    (figures.net_cents / 100)::numeric(14, 2) AS net_sales,
    (figures.cost_cents / 100)::numeric(14, 2) AS cost_of_goods,
    (figures.waste_cents / 100)::numeric(14, 2) AS waste,
    (figures.missing_cents / 100)::numeric(14, 2) AS missing_when_counted,
    ((figures.net_cents - figures.cost_cents - figures.waste_cents - figures.missing_cents) / 100)::numeric(14, 2)
        AS gross_profit,
    (
        100 * (figures.net_cents - figures.cost_cents - figures.waste_cents - figures.missing_cents)
        / nullif(figures.net_cents, 0)
    )::numeric(6, 1) AS gross_margin_percent,
    figures.currency,
    location.synced_until_at
FROM figures
LEFT JOIN location USING (location_name)
ORDER BY location, figures.currency
