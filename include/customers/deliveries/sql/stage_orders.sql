-- One row per row of an order file that can be taken in: an SKU of an order.
CREATE TEMP TABLE staged_orders (
    row_number         bigint NOT NULL,
    order_id           text NOT NULL,
    sku_id             text NOT NULL,
    mobile_number      text,
    raw_mobile_number  text,
    ordered_at         timestamptz NOT NULL,
    business_date      date NOT NULL,
    sku_count          integer NOT NULL,
    total_amount_cents bigint NOT NULL
);
-- One row per row that a later row of the file repeats.
CREATE TEMP TABLE repeated_orders (row_number bigint NOT NULL, last_row_number bigint NOT NULL);
-- One row per order that the day's earlier file named and this one does not.
CREATE TEMP TABLE gone_orders (order_id text NOT NULL);
