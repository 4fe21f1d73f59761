"""Stock at Square: what is sent there, under which key, and what Square should say."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("""
        -- One row per call that changes stock in Square. It is committed with its changes before the call, so that
        -- whoever finds it waiting repeats it under the same key.
        CREATE TABLE inventory.square_batch (
            batch_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            idempotency_key uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
            state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'refused')),
            refusal         text CHECK ((refusal IS NULL) = (state <> 'refused')),
            made_at         timestamptz NOT NULL DEFAULT now(),
            answered_at     timestamptz CHECK ((answered_at IS NULL) = (state = 'waiting'))
        );
        CREATE INDEX square_batch_waiting ON inventory.square_batch (batch_id) WHERE state = 'waiting';

        -- One row per change of a batch, just as it is sent: a count (no states), or a quantity that goes from one
        -- state to another.
        CREATE TABLE inventory.square_change (
            batch_id        bigint NOT NULL REFERENCES inventory.square_batch,
            change_number   smallint NOT NULL,
            location_key    integer NOT NULL,
            ingredient_key  integer NOT NULL REFERENCES inventory.ingredient,
            location_id     text NOT NULL,
            variation_id    text NOT NULL,
            from_state      text,
            to_state        text CHECK ((to_state IS NULL) = (from_state IS NULL)),
            quantity        numeric(20, 5) NOT NULL CHECK (quantity >= 0),
            occurred_at     timestamptz NOT NULL,
            -- By how much Square's count moves if it says now what it should.
            level_change    numeric(20, 5) NOT NULL,
            -- Of a count: what it holds that happened too long ago for Square to hear of it in any other way.
            late_quantity   numeric(20, 5) NOT NULL DEFAULT 0,
            PRIMARY KEY (batch_id, change_number)
        );
        CREATE INDEX square_change_late ON inventory.square_change (occurred_at) WHERE late_quantity <> 0;

        -- One row per location and ingredient that Square counts: what it should say, and whether that is certain.
        CREATE TABLE inventory.square_level (
            location_key   integer NOT NULL,
            ingredient_key integer NOT NULL REFERENCES inventory.ingredient,
            quantity       numeric(20, 5) NOT NULL,
            -- Of the newest change that was made for it: Square ignores what happened before its last count.
            occurred_at    timestamptz NOT NULL,
            -- How often in a row Square has refused what was sent: above 0 a count settles it.
            refusal_count  smallint NOT NULL DEFAULT 0,
            PRIMARY KEY (location_key, ingredient_key)
        );

        -- One row: up to which movement the ledger has been turned into batches.
        CREATE TABLE inventory.square_watermark (
            is_only     boolean PRIMARY KEY DEFAULT true CHECK (is_only),
            movement_id bigint NOT NULL
        );
        INSERT INTO inventory.square_watermark (movement_id) VALUES (0);

        -- One row per location and ingredient of which Square said something else than it should: found by the daily
        -- comparison, or just before a count put it right.
        CREATE TABLE inventory.square_difference (
            difference_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            found_by          text NOT NULL CHECK (found_by IN ('comparison', 'count')),
            found_date        date NOT NULL,
            found_at          timestamptz NOT NULL DEFAULT now(),
            location_key      integer NOT NULL,
            ingredient_key    integer NOT NULL REFERENCES inventory.ingredient,
            ledger_quantity   numeric(20, 5) NOT NULL,
            -- The ledger's without what has not been sent yet; NULL where nothing was ever sent.
            expected_quantity numeric(20, 5),
            -- NULL where Square counts nothing.
            square_quantity   numeric(20, 5)
        );
        CREATE INDEX ON inventory.square_difference (found_date, found_by);

        -- One row per location and ingredient that Square can count, with Square's names for both. Simulated locations
        -- have variations of the same SKU and are not Square's: it tracks none of those, and was never asked for orders
        -- of these.
        CREATE VIEW inventory.square_place AS
        WITH variation AS MATERIALIZED (
            -- Nothing keeps two variations from having one SKU.
            SELECT
                variation.body #>> '{item_variation_data,sku}' AS sku,
                min(variation.body ->> 'id') AS variation_id
            FROM bronze.square_catalog AS item
            CROSS JOIN LATERAL jsonb_array_elements(item.body #> '{item_data,variations}') AS variation (body)
            WHERE item.object_type = 'ITEM'
                AND NOT item.is_deleted
                AND (variation.body #>> '{item_variation_data,track_inventory}')::boolean
                AND (variation.body ->> 'is_deleted')::boolean IS NOT TRUE
            GROUP BY variation.body #>> '{item_variation_data,sku}'
        )
        SELECT location.location_key, location.location_id, ingredient.ingredient_key, variation.variation_id
        FROM inventory.ingredient
        JOIN variation USING (sku)
        CROSS JOIN gold.dim_location AS location
        JOIN bronze.watermark ON watermark.source = 'orders' AND watermark.scope = location.location_id
        WHERE location.is_active;

        GRANT SELECT, INSERT, UPDATE, DELETE ON
            inventory.square_batch, inventory.square_change, inventory.square_level, inventory.square_watermark,
            inventory.square_difference
        TO storekeeper_app;
        GRANT SELECT ON
            inventory.square_batch, inventory.square_change, inventory.square_level, inventory.square_watermark,
            inventory.square_difference, inventory.square_place
        TO storekeeper_reader;
        GRANT SELECT ON inventory.square_place TO storekeeper_app;
    """)


def downgrade() -> None:
    op.execute("""
        DROP VIEW inventory.square_place;
        DROP TABLE inventory.square_difference, inventory.square_watermark, inventory.square_level,
            inventory.square_change, inventory.square_batch
    """)
