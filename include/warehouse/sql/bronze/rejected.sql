-- Takes away the rejected versions of which bronze holds a good one of the same number or later.
DELETE FROM bronze.rejected
USING bronze.square_orders AS good
WHERE rejected.object_type = 'order'
  AND rejected.object_id = good.order_id
  AND rejected.version <= good.version
