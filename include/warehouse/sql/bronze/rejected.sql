-- Takes away the rejected versions of which bronze holds a good one of the same number or later.
WITH good AS (
    SELECT 'order' AS object_type, object_id, square_orders.version::bigint AS version
    FROM bronze.rejected JOIN bronze.square_orders ON order_id = object_id
    WHERE object_type = 'order'
    UNION ALL
    SELECT 'catalog', rejected.object_id, square_catalog.version
    FROM bronze.rejected JOIN bronze.square_catalog USING (object_id)
    WHERE rejected.object_type = 'catalog'
    UNION ALL
    SELECT 'customer', object_id, square_customers.version
    FROM bronze.rejected JOIN bronze.square_customers ON customer_id = object_id
    WHERE object_type = 'customer'
)
DELETE FROM bronze.rejected
USING good
WHERE rejected.object_type = good.object_type
  AND rejected.object_id = good.object_id
  AND rejected.version <= good.version
