-- One row per catalog object: the newest version that was seen.
INSERT INTO bronze.square_catalog (object_id, object_type, version, is_deleted, updated_at, body)
SELECT object_id, object_type, version, is_deleted, updated_at, body::jsonb
FROM incoming_object
ON CONFLICT (object_id) DO UPDATE SET
    object_type = excluded.object_type,
    version = excluded.version,
    is_deleted = excluded.is_deleted,
    updated_at = excluded.updated_at,
    body = excluded.body,
    loaded_at = now()
WHERE (excluded.version, excluded.updated_at) > (square_catalog.version, square_catalog.updated_at)
