-- One row per order line (or modifier, or returned line), ingredient and time at which the ledger does not say what the
-- order says now: the difference. An order whose time has changed has two, so has one at another location.
WITH compared_order AS (
    SELECT order_key FROM deducted_order WHERE NOT is_plain
),
returned AS (
    SELECT
        fact.order_key,
        fact.line_number,
        fact.modifier_number,
        fact.location_key,
        fact.business_date,
        fact.sold_at,
        fact.product_key,
        fact.quantity,
        line.source_line_uid,
        source.order_key AS source_order_key,
        -- What goes back is what was taken for it then.
        coalesce(source.business_date, fact.business_date) AS made_date
    FROM compared_order
    JOIN gold.fact_sales AS fact USING (order_key)
    JOIN silver.order_return_lines AS line
        ON line.order_key = fact.order_key
        AND line.return_number = fact.modifier_number
        AND line.line_number = fact.line_number
    LEFT JOIN silver.orders AS source ON source.order_id = line.source_order_id
    WHERE fact.kind = 'return'
        AND EXISTS (
            SELECT FROM silver.refunds
            WHERE refunds.order_key = fact.order_key
                AND refunds.status NOT IN ('REJECTED', 'FAILED')
                AND lower(btrim(refunds.reason)) = ANY(%(restocking_reasons)s)
        )
),
returned_product AS (
    SELECT returned.*, 0 AS modifier_key FROM returned
    UNION ALL
    SELECT
        returned.order_key,
        returned.line_number,
        returned.modifier_number,
        returned.location_key,
        returned.business_date,
        returned.sold_at,
        returned.product_key,
        returned.quantity * modifier.quantity,
        returned.source_line_uid,
        returned.source_order_key,
        returned.made_date,
        modifier_product.product_key
    FROM returned
    JOIN silver.order_lines AS line
        ON line.order_key = returned.source_order_key
        AND line.line_uid = returned.source_line_uid
    JOIN silver.order_line_modifiers AS modifier
        ON modifier.order_key = line.order_key
        AND modifier.line_number = line.line_number
    JOIN gold.dim_product AS modifier_product ON modifier_product.product_id = modifier.product_id
),
wanted AS (
    SELECT
        used.order_key, used.line_number, used.modifier_number, used.ingredient_key, 'sale' AS kind,
        used.location_key, used.business_date, used.sold_at AS occurred_at, -used.quantity AS quantity
    FROM compared_order
    JOIN inventory.sale_use AS used USING (order_key)
    UNION ALL
    SELECT
        returned.order_key, returned.line_number, returned.modifier_number, used.ingredient_key, 'return',
        returned.location_key, returned.business_date, returned.sold_at,
        sum(round(returned.quantity * used.quantity, 5))
    FROM returned_product AS returned
    JOIN inventory.recipe
        ON recipe.product_key = returned.product_key
        AND recipe.modifier_key = returned.modifier_key
        AND returned.made_date >= recipe.valid_from_date
        AND returned.made_date < recipe.valid_to_date
    JOIN inventory.recipe_ingredient AS used USING (recipe_key)
    GROUP BY
        returned.order_key, returned.line_number, returned.modifier_number, used.ingredient_key,
        returned.location_key, returned.business_date, returned.sold_at
),
booked AS (
    SELECT
        order_key, line_number, modifier_number, ingredient_key, kind, location_key, business_date, occurred_at,
        sum(quantity) AS quantity
    FROM compared_order
    JOIN inventory.movement USING (order_key)
    GROUP BY order_key, line_number, modifier_number, ingredient_key, kind, location_key, business_date, occurred_at
),
last_number AS (
    SELECT order_key, line_number, modifier_number, ingredient_key, kind, max(correction_number) AS correction_number
    FROM compared_order
    JOIN inventory.movement USING (order_key)
    GROUP BY order_key, line_number, modifier_number, ingredient_key, kind
),
difference AS (
    SELECT
        order_key, line_number, modifier_number, ingredient_key, kind, location_key, business_date, occurred_at,
        coalesce(wanted.quantity, 0) - coalesce(booked.quantity, 0) AS quantity
    FROM wanted
    FULL JOIN booked USING (
        order_key, line_number, modifier_number, ingredient_key, kind, location_key, business_date, occurred_at
    )
    WHERE coalesce(wanted.quantity, 0) <> coalesce(booked.quantity, 0)
)
INSERT INTO inventory.movement (
    occurred_at, order_key, business_date, location_key, ingredient_key, line_number, modifier_number,
    correction_number, kind, quantity
)
SELECT
    difference.occurred_at, order_key, difference.business_date, difference.location_key, ingredient_key, line_number,
    modifier_number,
    coalesce(last_number.correction_number, -1) + row_number() OVER (
        PARTITION BY order_key, line_number, modifier_number, ingredient_key, kind ORDER BY difference.occurred_at
    ),
    kind, difference.quantity
FROM difference
LEFT JOIN last_number USING (order_key, line_number, modifier_number, ingredient_key, kind)
