-- One row per period, ingredient, currency and, where asked for, location.
SELECT
    reporting.period_start(%(grain)s, business_date) AS period_date,
    CASE WHEN %(is_by_location)s THEN location_name END AS location_name,
    ingredient_name AS name,
    max(unit) AS detail,
    trim_scale(sum(used_quantity)) AS quantity,
    round(sum(revenue_cents))::bigint AS revenue_cents,
    round(sum(cost_cents))::bigint AS cost_cents,
    currency
FROM reporting.ingredient_sales
WHERE business_date BETWEEN %(first)s AND %(last)s AND location_name = ANY(%(location_names)s)
GROUP BY 1, 2, ingredient_name, currency
ORDER BY 1, 2, ingredient_name, currency
