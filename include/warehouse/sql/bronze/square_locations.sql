-- One row per location, as Square last described it.
INSERT INTO bronze.square_locations (location_id, body)
VALUES (%(location_id)s, %(body)s)
ON CONFLICT (location_id) DO UPDATE SET body = excluded.body, loaded_at = now()
WHERE square_locations.body <> excluded.body
