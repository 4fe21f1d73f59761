-- What was counted stays counted: whatever is booked after a count and happened before it was in the count already. One
-- row per count and location that takes back what the movements after after_movement_id have added before it. A count
-- that is itself among them (told later than one after it) is taken back by the next one.
WITH counted AS (
    SELECT location_key, ingredient_key, max(occurred_at) AS last_count_at
    FROM inventory.entry
    WHERE kind = 'count'
    GROUP BY location_key, ingredient_key
),
late AS (
    SELECT next_count.entry_id, sum(movement.quantity) AS quantity
    FROM counted
    JOIN inventory.movement
        ON movement.location_key = counted.location_key
        AND movement.ingredient_key = counted.ingredient_key
        AND movement.occurred_at <= counted.last_count_at
    CROSS JOIN LATERAL (
        SELECT entry.entry_id
        FROM inventory.entry
        WHERE entry.kind = 'count'
            AND entry.location_key = movement.location_key
            AND entry.ingredient_key = movement.ingredient_key
            AND entry.occurred_at >= movement.occurred_at
            AND (
                movement.kind <> 'count'
                OR (entry.occurred_at, entry.entry_id) > (movement.occurred_at, movement.entry_id)
            )
        ORDER BY entry.occurred_at, entry.entry_id
        LIMIT 1
    ) AS next_count
    WHERE movement.movement_id > %(after_movement_id)s
    GROUP BY next_count.entry_id
    HAVING sum(movement.quantity) <> 0
)
INSERT INTO inventory.movement (
    occurred_at, entry_id, business_date, location_key, ingredient_key, correction_number, kind, quantity
)
SELECT
    entry.occurred_at,
    entry_id,
    silver.business_date(entry.occurred_at, locations.timezone, locations.cutover_hour),
    entry.location_key,
    entry.ingredient_key,
    (
        SELECT coalesce(max(correction_number), -1) + 1 FROM inventory.movement WHERE movement.entry_id = late.entry_id
    ),
    'count',
    -late.quantity
FROM late
JOIN inventory.entry USING (entry_id)
JOIN gold.dim_location USING (location_key)
JOIN silver.locations USING (location_id)
