-- One row per row of a customer file that can be taken in.
CREATE TEMP TABLE staged_customers (
    row_number        bigint NOT NULL,
    customer_id       text NOT NULL,
    customer_name     text,
    mobile_number     text,
    raw_mobile_number text,
    region            text
);
-- One row per row that a later row of the file repeats.
CREATE TEMP TABLE repeated_customers (row_number bigint NOT NULL, last_row_number bigint NOT NULL);
-- One row per customer whom the day's earlier file named and this one does not.
CREATE TEMP TABLE gone_customers (customer_id text NOT NULL);
