-- One row per location, category, item, variation (empty unless asked for) and currency: what was sold in the period.
--
-- The thresholds are the days on which a recipe or the cost of an ingredient changed, the period's first day before
-- them: between two of them every recipe costs the same, so that costs are looked up once a stretch, not once a day.
WITH sold AS (
    SELECT
        location_key,
        coalesce(line_product_key, product_key) AS product_key,
        CASE kind WHEN 'modifier' THEN product_key ELSE 0 END AS modifier_key,
        width_bucket(business_date, %(thresholds)s::date[]) AS stretch,
        currency,
        coalesce(sum(quantity) FILTER (WHERE kind = 'line'), 0) AS line_quantity,
        coalesce(sum(quantity) FILTER (WHERE kind = 'modifier'), 0) AS modifier_quantity,
        coalesce(sum(quantity) FILTER (WHERE kind = 'return'), 0) AS returned_quantity,
        sum(gross_cents) AS gross_cents,
        sum(discount_cents) AS discount_cents,
        sum(refund_cents) AS refund_cents,
        sum(net_cents) AS net_cents,
        sum(tax_cents) AS tax_cents
    FROM gold.fact_sales
    WHERE location_key = ANY(%(location_keys)s)
        AND business_date BETWEEN %(first)s AND %(last)s
        -- Tips and service charges stand on rows without a product and are no sales.
        AND (product_key IS NOT NULL OR gross_cents <> 0 OR discount_cents <> 0 OR refund_cents <> 0 OR tax_cents <> 0)
    GROUP BY 1, 2, 3, 4, 5
),

costed AS (
    SELECT
        sold.*,
        (line_quantity + modifier_quantity) * coalesce(recipe.cost_cents, 0) AS cost_cents,
        CASE
            WHEN line_quantity = 0 THEN NULL
            WHEN recipe.recipe_key IS NULL THEN 'no recipe'
            WHEN recipe.uncosted_ingredient_count > 0 THEN 'an ingredient has no price'
            WHEN recipe.currency <> sold.currency THEN 'costs are in ' || recipe.currency
        END AS obstacle
    FROM sold
    LEFT JOIN inventory.recipe_cost AS recipe
        ON recipe.product_key = sold.product_key
        AND recipe.modifier_key = sold.modifier_key
        AND (%(thresholds)s::date[])[stretch] >= recipe.from_date
        AND (%(thresholds)s::date[])[stretch] < recipe.to_date
),

restocked AS (
    SELECT
        movement.location_key,
        fact.product_key,
        fact.currency,
        sum(movement.quantity * cost.unit_cost_cents) AS cost_cents
    FROM inventory.movement
    JOIN gold.fact_sales AS fact
        ON fact.order_key = movement.order_key
        AND fact.business_date = movement.business_date
        AND fact.kind = 'return'
        AND fact.line_number = movement.line_number
        AND fact.modifier_number = movement.modifier_number
    JOIN inventory.ingredient_cost AS cost
        ON cost.ingredient_key = movement.ingredient_key
        AND movement.business_date >= cost.valid_from_date
        AND movement.business_date < cost.valid_to_date
    WHERE movement.kind = 'return'
        AND movement.location_key = ANY(%(location_keys)s)
        AND movement.business_date BETWEEN %(first)s AND %(last)s
    GROUP BY movement.location_key, fact.product_key, fact.currency
),

-- By product first: what went back on the shelf has one row for all of its stretches.
by_product AS (
    SELECT
        costed.location_key,
        costed.product_key,
        costed.currency,
        sum(line_quantity) AS sold_quantity,
        sum(returned_quantity) AS returned_quantity,
        sum(modifier_quantity) AS modifier_quantity,
        sum(gross_cents) AS gross_cents,
        coalesce(sum(gross_cents) FILTER (WHERE modifier_key > 0), 0) AS modifier_gross_cents,
        sum(discount_cents) AS discount_cents,
        sum(refund_cents) AS refund_cents,
        sum(net_cents) AS net_cents,
        sum(tax_cents) AS tax_cents,
        sum(cost_cents) AS cost_cents,
        min(obstacle) AS obstacle
    FROM costed
    GROUP BY costed.location_key, costed.product_key, costed.currency
)

SELECT
    by_product.location_key,
    coalesce(product.category, '') AS category,
    -- Square writes a refund that names no item as a line without a name.
    coalesce(product.item_name, '') AS item_name,
    CASE WHEN %(is_by_variation)s THEN coalesce(product.variation_name, '') ELSE '' END AS variation_name,
    by_product.currency,
    trim_scale(sum(sold_quantity)) AS sold_quantity,
    trim_scale(sum(returned_quantity)) AS returned_quantity,
    trim_scale(sum(modifier_quantity)) AS modifier_quantity,
    sum(gross_cents)::bigint AS gross_cents,
    sum(modifier_gross_cents)::bigint AS modifier_gross_cents,
    sum(discount_cents)::bigint AS discount_cents,
    sum(refund_cents)::bigint AS refund_cents,
    sum(net_cents)::bigint AS net_cents,
    sum(tax_cents)::bigint AS tax_cents,
    sum(by_product.cost_cents - coalesce(restocked.cost_cents, 0)) AS cost_cents,
    min(obstacle) AS obstacle
FROM by_product
LEFT JOIN restocked
    ON restocked.location_key = by_product.location_key
    AND restocked.product_key = by_product.product_key
    AND restocked.currency = by_product.currency
LEFT JOIN gold.dim_product AS product ON product.product_key = by_product.product_key
WHERE %(categories)s::text[] IS NULL OR coalesce(product.category, '') = ANY(%(categories)s)
GROUP BY 1, 2, 3, 4, 5
