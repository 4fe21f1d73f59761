-- The level of what Square has taken.
WITH answered AS (
    UPDATE inventory.square_batch SET state = 'done', answered_at = now()
    WHERE batch_id = %(batch_id)s AND state = 'waiting'
    RETURNING batch_id
),
taken AS (
    SELECT location_key, ingredient_key, sum(level_change) AS level_change, bool_or(from_state IS NULL) AS is_settled
    FROM answered
    JOIN inventory.square_change USING (batch_id)
    GROUP BY location_key, ingredient_key
)
UPDATE inventory.square_level AS level
SET
    quantity = level.quantity + taken.level_change,
    refusal_count = CASE WHEN taken.is_settled THEN 0 ELSE level.refusal_count END
FROM taken
WHERE level.location_key = taken.location_key AND level.ingredient_key = taken.ingredient_key
