-- One row per period, currency and item, variation, modifier or location and, where asked for, location. Items and
-- variations hold their modifiers' part, and count without them.
SELECT
    reporting.period_start(%(grain)s, business_date) AS period_date,
    CASE WHEN %(is_by_location)s THEN location_name END AS location_name,
    CASE %(group_by)s
        WHEN 'modifier' THEN modifier_name
        WHEN 'location' THEN location_name
        ELSE item_name
    END AS name,
    CASE WHEN %(group_by)s = 'variation' THEN variation_name ELSE '' END AS detail,
    trim_scale(
        coalesce(sum(sold_quantity) FILTER (WHERE (modifier_name IS NOT NULL) = (%(group_by)s = 'modifier')), 0)
    ) AS quantity,
    sum(revenue_cents)::bigint AS revenue_cents,
    round(sum(cost_cents))::bigint AS cost_cents,
    currency
FROM reporting.product_sales
WHERE business_date BETWEEN %(first)s AND %(last)s
    AND location_name = ANY(%(location_names)s)
    AND (modifier_name IS NOT NULL OR %(group_by)s <> 'modifier')
GROUP BY 1, 2, 3, 4, currency
ORDER BY 1, 2, 3, 4, currency
