-- One row per entry and location that it moves something at: of a receipt, waste or transfer what moved, of an opening
-- what is missing to what there is now, of a count what was missing at that time.
WITH told AS (
    SELECT
        entry.*,
        silver.business_date(entry.occurred_at, locations.timezone, locations.cutover_hour) AS business_date,
        (entry.occurred_at AT TIME ZONE 'UTC')::date AS utc_date
    FROM inventory.entry
    JOIN gold.dim_location USING (location_key)
    JOIN silver.locations USING (location_id)
    WHERE entry_id = ANY(%(entry_ids)s)
),
-- Read once, whatever the planner thinks of the number of entries: there is no index that leads to a pair.
around AS MATERIALIZED (
    SELECT location_key, ingredient_key, business_date, occurred_at, quantity
    FROM inventory.movement
    WHERE business_date >= (SELECT min(utc_date) - 1 FROM told WHERE kind = 'count')
        AND business_date <= (SELECT max(utc_date) + 1 FROM told WHERE kind = 'count')
        AND ingredient_key = ANY(%(ingredient_keys)s)
),
-- As inventory.stock_at reckons it.
moved_before AS (
    SELECT told.entry_id, daily.quantity
    FROM told
    JOIN inventory.daily_movement AS daily
        ON daily.location_key = told.location_key
        AND daily.ingredient_key = told.ingredient_key
        AND daily.business_date <= told.utc_date - 2
    WHERE told.kind = 'count'
    UNION ALL
    SELECT told.entry_id, around.quantity
    FROM told
    JOIN around
        ON around.location_key = told.location_key
        AND around.ingredient_key = told.ingredient_key
        AND around.business_date >= told.utc_date - 1
        AND around.occurred_at <= told.occurred_at
    WHERE told.kind = 'count'
),
there_was AS (
    SELECT entry_id, sum(quantity) AS quantity FROM moved_before GROUP BY entry_id
    UNION ALL
    SELECT told.entry_id, level.quantity
    FROM told
    JOIN inventory.stock_level AS level USING (location_key, ingredient_key)
    WHERE told.kind = 'opening'
),
moved AS (
    SELECT
        told.entry_id, told.kind, told.occurred_at, told.business_date, told.location_key, told.ingredient_key,
        CASE
            WHEN told.kind IN ('count', 'opening') THEN told.quantity - coalesce(there_was.quantity, 0)
            WHEN told.kind = 'receipt' THEN told.quantity
            ELSE -told.quantity
        END AS quantity
    FROM told
    LEFT JOIN there_was USING (entry_id)
    UNION ALL
    SELECT
        told.entry_id, told.kind, told.occurred_at,
        silver.business_date(told.occurred_at, locations.timezone, locations.cutover_hour),
        told.to_location_key, told.ingredient_key, told.quantity
    FROM told
    JOIN gold.dim_location ON dim_location.location_key = told.to_location_key
    JOIN silver.locations USING (location_id)
)
INSERT INTO inventory.movement (entry_id, kind, occurred_at, business_date, location_key, ingredient_key, quantity)
SELECT entry_id, kind, occurred_at, business_date, location_key, ingredient_key, quantity
FROM moved
WHERE quantity <> 0
