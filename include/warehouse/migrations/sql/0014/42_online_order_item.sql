CREATE VIEW reporting.online_order_item AS
SELECT
    online_order.provider,
    online_order.order_id,
    item.number AS item_number,
    item.body ->> 'name' AS item_name,
    (item.body ->> 'quantity')::numeric AS quantity,
    (item.body ->> 'total_cents')::bigint AS total_cents,
    online_order.currency
FROM online_orders.online_order
CROSS JOIN LATERAL jsonb_array_elements(online_order.items) WITH ORDINALITY AS item (body, number);

COMMENT ON VIEW reporting.online_order_item IS 'What is on the online orders: one row per thing on an order.';
COMMENT ON COLUMN reporting.online_order_item.provider IS 'Where the order was placed.';
COMMENT ON COLUMN reporting.online_order_item.order_id IS 'The provider''s id of the order.';
COMMENT ON COLUMN reporting.online_order_item.item_number IS 'Number of the thing on the order, from 1.';
COMMENT ON COLUMN reporting.online_order_item.item_name IS 'What it is.';
COMMENT ON COLUMN reporting.online_order_item.quantity IS 'How many.';
COMMENT ON COLUMN reporting.online_order_item.total_cents IS 'What it comes to, in cents.';
COMMENT ON COLUMN reporting.online_order_item.currency IS 'The currency of the amount (ISO 4217).';
