-- One row per entry that is new: what was told before books nothing.
INSERT INTO inventory.entry (
    entry_key, kind, location_key, to_location_key, ingredient_key, quantity, occurred_at, reason, entered_by
)
SELECT *
FROM unnest(
    %(entry_keys)s::text[], %(kinds)s::text[], %(location_keys)s::integer[], %(to_location_keys)s::integer[],
    %(ingredient_keys)s::integer[], %(quantities)s::numeric[], %(occurred_at)s::timestamptz[], %(reasons)s::text[],
    %(entered_by)s::text[]
)
ON CONFLICT (entry_key) DO NOTHING
RETURNING entry_id
