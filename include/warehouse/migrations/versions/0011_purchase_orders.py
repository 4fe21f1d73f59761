"""Purchase orders: shortages, what was proposed, approved, ordered and has come."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("""
        -- One row per time that an ingredient was short at a location: from the run that found it so to the one that
        -- found it over. The quantities are those of the first.
        CREATE TABLE inventory.shortage (
            shortage_key      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            location_key      integer NOT NULL,
            ingredient_key    integer NOT NULL REFERENCES inventory.ingredient,
            -- 'low': with what is on order it is below the reorder point. 'out': nothing is left on the shelf.
            level             text NOT NULL CHECK (level IN ('low', 'out')),
            on_hand           numeric(20, 5) NOT NULL,
            on_order          numeric(20, 5) NOT NULL,
            -- NULL: neither use nor a par level to tell one by.
            reorder_point     numeric(20, 5),
            opened_at         timestamptz NOT NULL,
            -- When the location was last told of it.
            told_at           timestamptz NOT NULL,
            -- When it last ran out, of one that had been low.
            escalated_at      timestamptz,
            closed_at         timestamptz
        );
        CREATE UNIQUE INDEX shortage_open ON inventory.shortage (location_key, ingredient_key)
        WHERE closed_at IS NULL;
        CREATE INDEX ON inventory.shortage (opened_at);

        -- One row per order that a supplier is to deliver to a location; it begins as a proposal.
        CREATE TABLE inventory.purchase_order (
            purchase_order_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            -- What people and suppliers call it.
            number             text NOT NULL GENERATED ALWAYS AS ('PO-' || purchase_order_key) STORED UNIQUE,
            location_key       integer NOT NULL,
            supplier_key       integer NOT NULL REFERENCES inventory.supplier,
            state              text NOT NULL DEFAULT 'proposed' CHECK (
                state IN ('proposed', 'ordered', 'partly_received', 'received', 'rejected', 'expired', 'cancelled')
            ),
            -- The run of restock that proposed it: another try of it proposes nothing twice.
            run_id             text NOT NULL,
            proposed_at        timestamptz NOT NULL,
            -- An answer after this is none.
            answer_by_at       timestamptz NOT NULL,
            -- Until when the supplier takes orders for the proposed delivery.
            order_by_at        timestamptz NOT NULL,
            -- Of the delivery: as proposed, then as ordered.
            expected_date      date NOT NULL,
            currency           text NOT NULL,
            -- NULL until somebody has answered, or the time for it is over.
            decided_at         timestamptz,
            -- NULL of what nobody has answered.
            decided_by         text,
            -- When nothing more was to come: received, or called off.
            closed_at          timestamptz,
            -- The last business day on which the supplier was reminded.
            chased_date        date,
            -- When those who are asked were told that what it proposes is no longer short.
            unneeded_told_at   timestamptz,
            UNIQUE (run_id, location_key, supplier_key),
            CHECK ((state = 'proposed') = (decided_at IS NULL)),
            CHECK ((closed_at IS NOT NULL) = (state IN ('received', 'cancelled')))
        );
        CREATE INDEX ON inventory.purchase_order (state)
        WHERE state IN ('proposed', 'ordered', 'partly_received');
        CREATE INDEX ON inventory.purchase_order (order_by_at);

        -- One row per ingredient of an order; what led to it is as it was when it was proposed.
        CREATE TABLE inventory.purchase_order_line (
            purchase_order_key  bigint NOT NULL REFERENCES inventory.purchase_order ON DELETE CASCADE,
            ingredient_key      integer NOT NULL REFERENCES inventory.ingredient,
            pack_name           text NOT NULL,
            pack_quantity       numeric(14, 5) NOT NULL CHECK (pack_quantity > 0),
            -- NULL where the configuration knows no price.
            pack_price_cents    integer CHECK (pack_price_cents >= 0),
            proposed_pack_count integer NOT NULL CHECK (proposed_pack_count > 0),
            -- NULL until decided; 0: left out, as all of what was rejected or not answered.
            ordered_pack_count  integer CHECK (ordered_pack_count >= 0),
            on_hand             numeric(20, 5) NOT NULL,
            on_order            numeric(20, 5) NOT NULL,
            reorder_point       numeric(20, 5) NOT NULL,
            maximum_quantity    numeric(20, 5) NOT NULL,
            -- Of the days that it was expected to last at that time; NULL without known use.
            daily_use           numeric(20, 5),
            runs_out_date       date,
            PRIMARY KEY (purchase_order_key, ingredient_key)
        );

        -- One row per entry of the ledger that is the receipt of an order. An ingredient that was not ordered may come.
        CREATE TABLE inventory.purchase_receipt (
            entry_id           bigint PRIMARY KEY REFERENCES inventory.entry,
            purchase_order_key bigint NOT NULL REFERENCES inventory.purchase_order,
            ingredient_key     integer NOT NULL REFERENCES inventory.ingredient
        );
        CREATE INDEX ON inventory.purchase_receipt (purchase_order_key, ingredient_key);

        -- One row per order and ingredient, ordered or come without: how much was ordered, has come, and is to come.
        CREATE VIEW inventory.purchase_order_progress AS
        WITH received AS (
            SELECT
                purchase_receipt.purchase_order_key,
                purchase_receipt.ingredient_key,
                sum(entry.quantity) AS quantity
            FROM inventory.purchase_receipt
            JOIN inventory.entry USING (entry_id)
            GROUP BY purchase_receipt.purchase_order_key, purchase_receipt.ingredient_key
        ), ordered AS (
            SELECT
                purchase_order_key,
                ingredient_key,
                coalesce(ordered_pack_count, 0) * pack_quantity AS quantity
            FROM inventory.purchase_order_line
        )
        SELECT
            purchase_order_key,
            ingredient_key,
            coalesce(ordered.quantity, 0) AS ordered_quantity,
            coalesce(received.quantity, 0) AS received_quantity,
            CASE WHEN purchase_order.state IN ('ordered', 'partly_received')
                THEN greatest(coalesce(ordered.quantity, 0) - coalesce(received.quantity, 0), 0)
                ELSE 0
            END AS remaining_quantity
        FROM ordered
        FULL JOIN received USING (purchase_order_key, ingredient_key)
        JOIN inventory.purchase_order USING (purchase_order_key);

        -- One row per location and ingredient of which something is to come.
        CREATE VIEW inventory.on_order AS
        SELECT
            purchase_order.location_key,
            progress.ingredient_key,
            sum(progress.remaining_quantity) AS quantity,
            min(purchase_order.expected_date) AS expected_date
        FROM inventory.purchase_order
        JOIN inventory.purchase_order_progress AS progress USING (purchase_order_key)
        WHERE purchase_order.state IN ('ordered', 'partly_received') AND progress.remaining_quantity > 0
        GROUP BY purchase_order.location_key, progress.ingredient_key;

        GRANT SELECT, INSERT, UPDATE, DELETE ON
            inventory.shortage, inventory.purchase_order, inventory.purchase_order_line, inventory.purchase_receipt
        TO storekeeper_app;
        GRANT SELECT ON
            inventory.shortage, inventory.purchase_order, inventory.purchase_order_line, inventory.purchase_receipt,
            inventory.purchase_order_progress, inventory.on_order
        TO storekeeper_app, storekeeper_reader;
    """)


def downgrade() -> None:
    op.execute("""
        DROP VIEW inventory.on_order;
        DROP VIEW inventory.purchase_order_progress;
        DROP TABLE inventory.purchase_receipt;
        DROP TABLE inventory.purchase_order_line;
        DROP TABLE inventory.purchase_order;
        DROP TABLE inventory.shortage;
    """)
