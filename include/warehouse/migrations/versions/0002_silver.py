"""Silver: Square's objects typed, one table per kind of thing, money in minor units."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA silver;

        -- The business day of an instant: the local date, with the hours before the cut-over counted to the day before.
        -- Kept equal to include.config.locations.Location.business_date by a property test.
        CREATE FUNCTION silver.business_date(at timestamptz, timezone text, cutover_hour integer) RETURNS date
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN ((at AT TIME ZONE timezone) - make_interval(hours => cutover_hour))::date;

        -- One row per location: Square's, joined with what the chain's configuration says of it.
        CREATE TABLE silver.locations (
            location_id    text PRIMARY KEY,
            name           text NOT NULL,
            timezone       text NOT NULL,
            cutover_hour   smallint NOT NULL CHECK (cutover_hour BETWEEN 0 AND 12),
            currency       text NOT NULL,
            country        text NOT NULL,
            market         text NOT NULL,
            parent_company text NOT NULL,
            is_active      boolean NOT NULL
        );

        -- One row per item variation and per modifier: what can stand on an order line.
        CREATE TABLE silver.products (
            product_id   text PRIMARY KEY,
            kind         text NOT NULL CHECK (kind IN ('variation', 'modifier')),
            parent_id    text,
            sku          text,
            item_name    text NOT NULL,
            variation_name text NOT NULL DEFAULT '',
            category     text NOT NULL DEFAULT '',
            price_cents  bigint,
            currency     text,
            is_deleted   boolean NOT NULL
        );

        -- One row per customer and period in which nothing about them changed (SCD type 2).
        CREATE TABLE silver.customers (
            customer_key  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer_id   text NOT NULL,
            version       bigint NOT NULL,
            given_name    text,
            family_name   text,
            company_name  text,
            email_address text,
            phone_number  text,
            locality      text,
            postal_code   text,
            country       text,
            created_at    timestamptz NOT NULL,
            valid_from_at timestamptz NOT NULL,
            valid_to_at   timestamptz NOT NULL DEFAULT 'infinity',
            UNIQUE (customer_id, valid_from_at)
        );
        CREATE UNIQUE INDEX customers_current ON silver.customers (customer_id) WHERE valid_to_at = 'infinity';

        -- One row per order, in the amounts that Square states for it.
        -- total = gross - discount + tax - inclusive_tax + service_charge + tip; the returned_* are what this order
        -- gives back, and add up alike. inclusive_tax is the part of tax that gross holds already (in the US, Canada
        -- and Japan Square takes it out of gross itself: there it is 0). service_charge holds no tax, but the rounding
        -- of cash payments too, so that the total stays Square's.
        -- Children have no foreign keys: only the loader writes them, together with their order, and a check for each
        -- of some millions of rows is not for nothing.
        CREATE TABLE silver.orders (
            order_key             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            business_date         date NOT NULL,
            order_id              text NOT NULL UNIQUE,
            version               integer NOT NULL,
            location_id           text NOT NULL,
            customer_id           text,
            state                 text NOT NULL,
            source                text NOT NULL DEFAULT '',
            currency              text NOT NULL,
            gross_cents           bigint NOT NULL,
            discount_cents        bigint NOT NULL,
            tax_cents             bigint NOT NULL,
            inclusive_tax_cents   bigint NOT NULL,
            service_charge_cents  bigint NOT NULL,
            tip_cents             bigint NOT NULL,
            total_cents           bigint NOT NULL,
            returned_gross_cents          bigint NOT NULL,
            returned_discount_cents       bigint NOT NULL,
            returned_tax_cents            bigint NOT NULL,
            returned_inclusive_tax_cents  bigint NOT NULL,
            returned_service_charge_cents bigint NOT NULL,
            returned_tip_cents            bigint NOT NULL,
            returned_total_cents          bigint NOT NULL,
            created_at            timestamptz NOT NULL,
            updated_at            timestamptz NOT NULL,
            closed_at             timestamptz
        );
        CREATE INDEX ON silver.orders (location_id, business_date);
        CREATE INDEX ON silver.orders (customer_id) WHERE customer_id IS NOT NULL;

        -- One row per order line. gross_cents holds the line's modifiers too, as Square's gross_sales_money does.
        CREATE TABLE silver.order_lines (
            order_key           bigint NOT NULL,
            line_number         smallint NOT NULL,
            line_uid            text NOT NULL,
            product_id          text NOT NULL,
            item_name           text NOT NULL,
            variation_name      text NOT NULL,
            item_type           text NOT NULL,
            quantity            numeric(14, 5) NOT NULL,
            base_price_cents    bigint NOT NULL,
            gross_cents         bigint NOT NULL,
            discount_cents      bigint NOT NULL,
            tax_cents           bigint NOT NULL,
            inclusive_tax_cents bigint NOT NULL,
            service_charge_cents bigint NOT NULL,
            total_cents         bigint NOT NULL,
            PRIMARY KEY (order_key, line_number)
        );

        -- One row per modifier of an order line.
        CREATE TABLE silver.order_line_modifiers (
            order_key        bigint NOT NULL,
            line_number      smallint NOT NULL,
            modifier_number  smallint NOT NULL,
            modifier_uid     text NOT NULL,
            product_id       text NOT NULL,
            name             text NOT NULL,
            quantity         numeric(14, 5) NOT NULL,
            base_price_cents bigint NOT NULL,
            total_cents      bigint NOT NULL,
            PRIMARY KEY (order_key, line_number, modifier_number)
        );

        -- One row per discount, tax or service charge that an order states.
        CREATE TABLE silver.order_adjustments (
            order_key     bigint NOT NULL,
            kind          text NOT NULL CHECK (kind IN ('discount', 'tax', 'service_charge')),
            number        smallint NOT NULL,
            catalog_id    text,
            name          text NOT NULL,
            percentage    numeric(9, 5),
            is_inclusive  boolean NOT NULL DEFAULT false,
            amount_cents  bigint NOT NULL,
            PRIMARY KEY (order_key, kind, number)
        );

        -- One row per tender: how an order was paid, with the tip in it.
        CREATE TABLE silver.order_tenders (
            order_key    bigint NOT NULL,
            number       smallint NOT NULL,
            tender_type  text NOT NULL,
            amount_cents bigint NOT NULL,
            tip_cents    bigint NOT NULL,
            paid_at      timestamptz,
            PRIMARY KEY (order_key, number)
        );

        -- One row per returned line (Square writes a return as an order of its own that points at the sale's order).
        CREATE TABLE silver.order_return_lines (
            order_key        bigint NOT NULL,
            return_number    smallint NOT NULL,
            line_number      smallint NOT NULL,
            source_order_id  text,
            source_line_uid  text,
            product_id       text NOT NULL,
            item_name        text NOT NULL,
            variation_name   text NOT NULL,
            quantity         numeric(14, 5) NOT NULL,
            gross_cents      bigint NOT NULL,
            discount_cents   bigint NOT NULL,
            tax_cents        bigint NOT NULL,
            inclusive_tax_cents bigint NOT NULL,
            total_cents      bigint NOT NULL,
            PRIMARY KEY (order_key, return_number, line_number)
        );

        -- One row per refund: the money that went back, and why.
        CREATE TABLE silver.refunds (
            order_key       bigint NOT NULL,
            refund_id       text NOT NULL,
            location_id     text NOT NULL,
            status          text NOT NULL,
            reason          text NOT NULL DEFAULT '',
            amount_cents    bigint NOT NULL,
            currency        text NOT NULL,
            refunded_at     timestamptz NOT NULL,
            PRIMARY KEY (order_key, refund_id)
        );
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA silver CASCADE")
