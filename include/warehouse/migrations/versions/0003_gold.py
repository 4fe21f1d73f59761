"""Gold: the star schema that reports, the dashboard and the predictions read."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA gold;

        -- One row per calendar day.
        CREATE TABLE gold.dim_date (
            date         date PRIMARY KEY,
            year         smallint NOT NULL,
            quarter      smallint NOT NULL,
            month        smallint NOT NULL,
            month_start_date date NOT NULL,
            iso_year     smallint NOT NULL,
            iso_week     smallint NOT NULL,
            week_start_date date NOT NULL,
            weekday      smallint NOT NULL,
            weekday_name text NOT NULL,
            is_weekend   boolean NOT NULL
        );

        -- One row per location.
        CREATE TABLE gold.dim_location (
            location_key   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            location_id    text NOT NULL UNIQUE,
            name           text NOT NULL,
            timezone       text NOT NULL,
            currency       text NOT NULL,
            country        text NOT NULL,
            market         text NOT NULL,
            parent_company text NOT NULL,
            is_active      boolean NOT NULL
        );

        -- One row per item variation and per modifier; lines without a catalog object get one row per name.
        CREATE TABLE gold.dim_product (
            product_key    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            product_id     text NOT NULL UNIQUE,
            kind           text NOT NULL CHECK (kind IN ('variation', 'modifier')),
            item_name      text NOT NULL,
            variation_name text NOT NULL,
            category       text NOT NULL,
            sku            text,
            is_deleted     boolean NOT NULL
        );

        -- One row per customer and period (SCD type 2); the key is silver's. No contact data: gold is widely read.
        CREATE TABLE gold.dim_customer (
            customer_key  integer PRIMARY KEY,
            customer_id   text NOT NULL,
            display_name  text NOT NULL,
            locality      text,
            country       text,
            created_at    timestamptz NOT NULL,
            valid_from_at timestamptz NOT NULL,
            valid_to_at   timestamptz NOT NULL,
            is_current    boolean NOT NULL
        );
        CREATE INDEX ON gold.dim_customer (customer_id);

        -- One row per order line (kind 'line'), per modifier of a line ('modifier'), per returned line ('return'), and
        -- per order for what belongs to no line ('order': tip, service charges on the whole order, rounding).
        -- Completed orders only. The measures add up over any rows:
        --   net = gross - discount - refund        (sales, without tax)
        --   total = net + tax + service_charge + tip    (money taken, less money given back)
        -- gross holds no inclusive tax; on a line row it is the variation's part, the modifiers' parts stand on their
        -- own rows. A return row has the number of the return as its modifier_number.
        CREATE TABLE gold.fact_sales (
            business_date        date NOT NULL,
            order_key            bigint NOT NULL,
            line_number          smallint NOT NULL,
            modifier_number      smallint NOT NULL,
            kind                 text NOT NULL CHECK (kind IN ('line', 'modifier', 'return', 'order')),
            location_key         integer NOT NULL,
            product_key          integer,
            line_product_key     integer,
            customer_key         integer,
            -- Of a modifier: per line times the line's.
            quantity             numeric(20, 5) NOT NULL,
            gross_cents          bigint NOT NULL,
            discount_cents       bigint NOT NULL,
            refund_cents         bigint NOT NULL,
            net_cents            bigint NOT NULL,
            tax_cents            bigint NOT NULL,
            service_charge_cents bigint NOT NULL,
            tip_cents            bigint NOT NULL,
            total_cents          bigint NOT NULL,
            currency             text NOT NULL,
            sold_at              timestamptz NOT NULL,
            CONSTRAINT net_adds_up CHECK (net_cents = gross_cents - discount_cents - refund_cents),
            CONSTRAINT total_adds_up CHECK (total_cents = net_cents + tax_cents + service_charge_cents + tip_cents),
            PRIMARY KEY (order_key, kind, line_number, modifier_number, business_date)
        ) PARTITION BY RANGE (business_date);
        CREATE INDEX fact_sales_location_date ON gold.fact_sales (location_key, business_date);
        COMMENT ON COLUMN gold.fact_sales.line_product_key IS 'on a modifier row: the item variation that was modified';

        -- Orders that silver has changed and gold has not taken over yet.
        CREATE TABLE gold.pending_order (
            order_key bigint PRIMARY KEY
        );

        -- Business days of which fact_sales has changed since the views were refreshed and the day was tied out.
        CREATE TABLE gold.touched_date (
            business_date date PRIMARY KEY
        );

        -- Makes the yearly partition of fact_sales, so that the application role needs no right to create tables.
        CREATE FUNCTION gold.ensure_fact_sales_partition(year integer) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        BEGIN
            EXECUTE format(
                'CREATE TABLE IF NOT EXISTS gold.fact_sales_%s PARTITION OF gold.fact_sales '
                'FOR VALUES FROM (%L) TO (%L)',
                year, make_date(year, 1, 1), make_date(year + 1, 1, 1)
            );
        END $$;
        REVOKE ALL ON FUNCTION gold.ensure_fact_sales_partition FROM public;

        -- One row per business day and location.
        CREATE MATERIALIZED VIEW gold.daily_sales_summary AS
        SELECT
            business_date,
            location_key,
            currency,
            -- Every order with lines has a first one; counting distinct orders would sort the whole table.
            count(*) FILTER (WHERE kind = 'line' AND line_number = 1)::integer AS order_count,
            sum(gross_cents)::bigint AS gross_cents,
            sum(discount_cents)::bigint AS discount_cents,
            sum(refund_cents)::bigint AS refund_cents,
            sum(net_cents)::bigint AS net_cents,
            sum(tax_cents)::bigint AS tax_cents,
            sum(service_charge_cents)::bigint AS service_charge_cents,
            sum(tip_cents)::bigint AS tip_cents,
            sum(total_cents)::bigint AS total_cents
        FROM gold.fact_sales
        GROUP BY business_date, location_key, currency;
        CREATE UNIQUE INDEX ON gold.daily_sales_summary (location_key, business_date, currency);

        -- One row per business day, location and product (variation or modifier).
        CREATE MATERIALIZED VIEW gold.product_performance AS
        -- By order first, so that orders are counted without sorting the whole table.
        WITH by_order AS (
            SELECT
                business_date,
                location_key,
                product_key,
                currency,
                order_key,
                sum(quantity) FILTER (WHERE kind <> 'return') AS sold_quantity,
                sum(quantity) FILTER (WHERE kind = 'return') AS returned_quantity,
                bool_or(kind <> 'return') AS is_sale,
                sum(gross_cents)::bigint AS gross_cents,
                sum(discount_cents)::bigint AS discount_cents,
                sum(refund_cents)::bigint AS refund_cents,
                sum(net_cents)::bigint AS net_cents
            FROM gold.fact_sales
            WHERE product_key IS NOT NULL
            GROUP BY business_date, location_key, product_key, currency, order_key
        )
        SELECT
            business_date,
            location_key,
            product_key,
            currency,
            coalesce(sum(sold_quantity), 0) AS sold_quantity,
            coalesce(sum(returned_quantity), 0) AS returned_quantity,
            count(*) FILTER (WHERE is_sale)::integer AS order_count,
            sum(gross_cents)::bigint AS gross_cents,
            sum(discount_cents)::bigint AS discount_cents,
            sum(refund_cents)::bigint AS refund_cents,
            sum(net_cents)::bigint AS net_cents
        FROM by_order
        GROUP BY business_date, location_key, product_key, currency;
        CREATE UNIQUE INDEX ON gold.product_performance (location_key, business_date, product_key, currency);
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA gold CASCADE")
