-- What Square has refused is settled by a count.
WITH answered AS (
    UPDATE inventory.square_batch SET state = 'refused', refusal = %(refusal)s, answered_at = now()
    WHERE batch_id = %(batch_id)s AND state = 'waiting'
    RETURNING batch_id
)
UPDATE inventory.square_level AS level
SET refusal_count = least(level.refusal_count + 1, 1000)
WHERE (level.location_key, level.ingredient_key) IN (
    SELECT location_key, ingredient_key FROM answered JOIN inventory.square_change USING (batch_id)
)
