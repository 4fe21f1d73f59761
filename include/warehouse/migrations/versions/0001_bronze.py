"""Bronze: Square's objects as they came, beside key, version and load time."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA bronze;

        -- One row per Square order: the newest version that was seen, as the very text that Square sent. It is read
        -- when an order has to be typed again, so it is neither parsed (jsonb) nor compressed on its way in:
        -- docs/decisions/0030-orders-are-typed-before-they-are-loaded.md. `body::jsonb` looks inside.
        CREATE TABLE bronze.square_orders (
            order_id    text PRIMARY KEY,
            version     integer NOT NULL,
            location_id text NOT NULL,
            updated_at  timestamptz NOT NULL,
            body        text NOT NULL,
            loaded_at   timestamptz NOT NULL DEFAULT now()
        ) WITH (toast_tuple_target = 8160);
        CREATE INDEX ON bronze.square_orders (location_id, updated_at);

        -- One row per order line, read out of the order that holds it.
        CREATE VIEW bronze.square_line_items AS
        SELECT
            orders.order_id,
            line.number::smallint AS line_number,
            line.body ->> 'uid' AS line_uid,
            orders.version,
            line.body,
            orders.loaded_at
        FROM bronze.square_orders AS orders
        CROSS JOIN LATERAL jsonb_array_elements(orders.body::jsonb -> 'line_items')
            WITH ORDINALITY AS line (body, number);

        -- One row per Square catalog object (items hold their variations, modifier lists their modifiers).
        CREATE TABLE bronze.square_catalog (
            object_id   text PRIMARY KEY,
            object_type text NOT NULL,
            version     bigint NOT NULL,
            is_deleted  boolean NOT NULL DEFAULT false,
            updated_at  timestamptz NOT NULL,
            body        jsonb NOT NULL,
            loaded_at   timestamptz NOT NULL DEFAULT now()
        );

        -- One row per Square customer: the newest version that was seen.
        CREATE TABLE bronze.square_customers (
            customer_id text PRIMARY KEY,
            version     bigint NOT NULL,
            updated_at  timestamptz NOT NULL,
            body        jsonb NOT NULL,
            loaded_at   timestamptz NOT NULL DEFAULT now()
        );

        -- One row per Square location.
        CREATE TABLE bronze.square_locations (
            location_id text PRIMARY KEY,
            body        jsonb NOT NULL,
            loaded_at   timestamptz NOT NULL DEFAULT now()
        );

        -- One row per object version that could not be typed, with the reason: newer than what bronze holds of the
        -- object, and gone as soon as a good version comes. What has no legible id goes by the digest of its text.
        CREATE TABLE bronze.rejected (
            object_type  text NOT NULL,
            object_id    text NOT NULL,
            version      bigint NOT NULL,
            reason       text NOT NULL,
            body         text NOT NULL,
            rejected_at  timestamptz NOT NULL DEFAULT now(),
            announced_at timestamptz,
            PRIMARY KEY (object_type, object_id, version)
        );

        -- One row per source and scope (orders: the location id; catalog, customers: '').
        -- Moves in the transaction that holds the data it speaks of.
        CREATE TABLE bronze.watermark (
            source     text NOT NULL,
            scope      text NOT NULL DEFAULT '',
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (source, scope)
        );
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA bronze CASCADE")
