-- Where objects that are no orders wait for bronze: one row per object, the latest version of those that came.
CREATE TEMPORARY TABLE IF NOT EXISTS incoming_object (
    object_id   text NOT NULL,
    object_type text NOT NULL,
    version     bigint NOT NULL,
    is_deleted  boolean NOT NULL,
    updated_at  timestamptz NOT NULL,
    body        text NOT NULL
) ON COMMIT DELETE ROWS;

-- One row per customer of whom bronze has taken a later version.
CREATE TEMPORARY TABLE IF NOT EXISTS changed_customer (
    customer_id text NOT NULL
) ON COMMIT DELETE ROWS;

TRUNCATE incoming_object, changed_customer
