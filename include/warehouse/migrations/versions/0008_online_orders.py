"""Online orders: what large_orders knows of each order, and which alerts it sent."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA online_orders;

        -- One row per online order of a provider ('square', or one of the listener's): the latest version assessed.
        CREATE TABLE online_orders.online_order (
            online_order_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            provider       text NOT NULL,
            order_id       text NOT NULL,
            -- Square's; of other providers the inbox's event_key, in which their events came.
            version        bigint NOT NULL,
            updated_at     timestamptz NOT NULL,
            -- The chain's; NULL where the configuration knows no location by what the provider calls it.
            location_name  text,
            provider_location text NOT NULL,
            placed_at      timestamptz NOT NULL,
            -- NULL: as soon as possible.
            due_at         timestamptz,
            total_cents    bigint NOT NULL,
            currency       text NOT NULL,
            is_cancelled   boolean NOT NULL,
            channel        text,
            customer_name  text,
            customer_phone text,
            -- [{name, quantity, total_cents}], the quantity a decimal in text.
            items          jsonb NOT NULL,
            assessed_at    timestamptz NOT NULL DEFAULT now(),
            UNIQUE (provider, order_id)
        );

        -- One row per mail that was decided on; with it, what the mail said.
        CREATE TABLE online_orders.alert (
            alert_key        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            online_order_key bigint NOT NULL REFERENCES online_orders.online_order,
            kind             text NOT NULL CHECK (kind IN ('placed', 'changed', 'cancelled')),
            reason           text NOT NULL,
            recipients       text[] NOT NULL,
            total_cents      bigint NOT NULL,
            due_at           timestamptz,
            -- outbox.message keeps messages for a while only: no foreign key.
            message_id       uuid NOT NULL,
            decided_at       timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX ON online_orders.alert (online_order_key);

        GRANT USAGE ON SCHEMA online_orders TO storekeeper_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA online_orders TO storekeeper_app;
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA online_orders CASCADE")
