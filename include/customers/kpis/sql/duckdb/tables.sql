-- The warehouse's tables of a partner's files, as far as the KPIs and the loading know them. No keys: nothing else writes
-- here, and DuckDB would hold their indexes in memory.
CREATE SCHEMA partner;
CREATE SCHEMA silver;

CREATE TABLE partner.file (
    file_id        bigint NOT NULL,
    kind           text,
    delivery_date  date,
    filename       text NOT NULL,
    sha256         text NOT NULL,
    came_by        text,
    received_by    text,
    received_at    timestamptz,
    state          text NOT NULL,
    reason         text,
    format         text,
    encoding       text,
    row_count      bigint,
    taken_count    bigint,
    rejected_count bigint,
    late_count     bigint,
    -- JSON, as in Postgres; nothing here looks into it.
    problem_counts text NOT NULL
);

CREATE TABLE partner.file_problem (
    file_id     bigint NOT NULL,
    row_number  bigint NOT NULL,
    column_name text,
    kind        text NOT NULL,
    is_rejected boolean NOT NULL,
    value       text,
    message     text NOT NULL
);

CREATE TABLE silver.partner_customers (
    delivery_date     date NOT NULL,
    customer_id       text NOT NULL,
    customer_name     text,
    mobile_number     text,
    raw_mobile_number text,
    region            text,
    is_current        boolean NOT NULL,
    file_id           bigint NOT NULL,
    row_number        bigint NOT NULL
);

CREATE TABLE silver.partner_orders (
    delivery_date      date NOT NULL,
    order_id           text NOT NULL,
    sku_id             text NOT NULL,
    mobile_number      text,
    raw_mobile_number  text,
    ordered_at         timestamptz NOT NULL,
    business_date      date NOT NULL,
    sku_count          integer NOT NULL,
    total_amount_cents bigint NOT NULL,
    is_current         boolean NOT NULL,
    file_id            bigint NOT NULL,
    row_number         bigint NOT NULL
);
