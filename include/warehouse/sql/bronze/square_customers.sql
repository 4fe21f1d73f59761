-- One row per customer: the newest version that was seen. Leaves those that changed in changed_customer.
WITH written AS (
    INSERT INTO bronze.square_customers (customer_id, version, updated_at, body)
    SELECT object_id, version, updated_at, body::jsonb
    FROM incoming_object
    ON CONFLICT (customer_id) DO UPDATE SET
        version = excluded.version,
        updated_at = excluded.updated_at,
        body = excluded.body,
        loaded_at = now()
    WHERE (excluded.version, excluded.updated_at) > (square_customers.version, square_customers.updated_at)
    RETURNING customer_id
)
INSERT INTO changed_customer (customer_id)
SELECT customer_id FROM written
