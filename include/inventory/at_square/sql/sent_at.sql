INSERT INTO inventory.square_level AS known (location_key, ingredient_key, quantity, occurred_at)
VALUES (%(location_key)s, %(ingredient_key)s, 0, %(occurred_at)s)
ON CONFLICT (location_key, ingredient_key)
DO UPDATE SET occurred_at = greatest(known.occurred_at, excluded.occurred_at)
