"""Inventory: ingredients, recipes by date, and the ledger of what came in and what was used."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA inventory;

        -- One row per supplier of suppliers.yaml.
        CREATE TABLE inventory.supplier (
            supplier_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name         text NOT NULL UNIQUE,
            is_active    boolean NOT NULL
        );

        -- One row per ingredient that stock is kept of. Every quantity of it, here and below, is in its unit.
        CREATE TABLE inventory.ingredient (
            ingredient_key    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name              text NOT NULL UNIQUE,
            unit              text NOT NULL,
            -- Of the item variation in Square that carries its count.
            sku               text NOT NULL UNIQUE,
            -- That variation is itself sold, so that Square takes its sales off by itself.
            is_sold_by_square boolean NOT NULL,
            supplier_key      integer REFERENCES inventory.supplier,
            -- What it is ordered in; NULL of what nobody orders.
            pack_quantity     numeric(14, 5) CHECK (pack_quantity > 0),
            is_active         boolean NOT NULL
        );

        -- One row per ingredient and day from which on a unit of it costs so much (in cents; a gram of salt costs less
        -- than one).
        CREATE TABLE inventory.ingredient_cost (
            ingredient_key  integer NOT NULL REFERENCES inventory.ingredient,
            valid_from_date date NOT NULL,
            valid_to_date   date NOT NULL DEFAULT 'infinity' CHECK (valid_to_date > valid_from_date),
            unit_cost_cents numeric(20, 8) NOT NULL CHECK (unit_cost_cents >= 0),
            currency        text NOT NULL,
            PRIMARY KEY (ingredient_key, valid_from_date)
        );

        -- One row per variation, per modifier on a line of a variation (modifier_key 0: the variation itself), and
        -- stretch of business days; the last day is not in it. One without ingredients uses nothing, and is known to.
        CREATE TABLE inventory.recipe (
            recipe_key      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            product_key     integer NOT NULL,
            modifier_key    integer NOT NULL DEFAULT 0,
            valid_from_date date NOT NULL,
            valid_to_date   date NOT NULL DEFAULT 'infinity' CHECK (valid_to_date > valid_from_date),
            UNIQUE (product_key, modifier_key, valid_from_date)
        );

        -- One row per ingredient of a recipe: preparations are resolved, yields and waste are in it. Negative where a
        -- modifier leaves out what the variation holds.
        CREATE TABLE inventory.recipe_ingredient (
            recipe_key     integer NOT NULL REFERENCES inventory.recipe ON DELETE CASCADE,
            ingredient_key integer NOT NULL REFERENCES inventory.ingredient,
            quantity       numeric(14, 5) NOT NULL CHECK (quantity <> 0),
            PRIMARY KEY (recipe_key, ingredient_key)
        );

        -- Orders that gold has taken over and the ledger has not.
        CREATE TABLE inventory.pending_order (
            order_key bigint PRIMARY KEY
        );

        -- One row per thing that people tell: what came, what was thrown away, what was counted, what was sent elsewhere.
        CREATE TABLE inventory.entry (
            entry_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            -- Names the telling (a run, its line): told again it books nothing.
            entry_key       text NOT NULL UNIQUE,
            kind            text NOT NULL CHECK (kind IN ('opening', 'receipt', 'waste', 'count', 'transfer')),
            location_key    integer NOT NULL,
            to_location_key integer,
            ingredient_key  integer NOT NULL REFERENCES inventory.ingredient,
            -- Of a count and an opening: what there is. Else what moved.
            quantity        numeric(14, 5) NOT NULL CHECK (quantity >= 0),
            occurred_at     timestamptz NOT NULL,
            reason          text NOT NULL DEFAULT '',
            entered_by      text NOT NULL,
            recorded_at     timestamptz NOT NULL DEFAULT now(),
            CHECK ((kind = 'transfer') = (to_location_key IS NOT NULL)),
            CHECK (to_location_key <> location_key)
        );
        CREATE INDEX ON inventory.entry (location_key, ingredient_key, occurred_at) WHERE kind = 'count';

        -- The ledger: one row per order line (or modifier) and ingredient, and per entry and location. It is only ever
        -- added to; what has turned out otherwise gets a further row with the difference.
        -- The sum of a location's and an ingredient's rows is what there is.
        CREATE TABLE inventory.movement (
            movement_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind              text NOT NULL CHECK (
                kind IN ('sale', 'return', 'opening', 'receipt', 'waste', 'count', 'transfer')
            ),
            location_key      integer NOT NULL,
            ingredient_key    integer NOT NULL,
            -- Negative: taken off.
            quantity          numeric(14, 5) NOT NULL CHECK (quantity <> 0),
            business_date     date NOT NULL,
            occurred_at       timestamptz NOT NULL,
            recorded_at       timestamptz NOT NULL DEFAULT now(),
            -- Of a sale or return: its row of gold.fact_sales.
            order_key         bigint,
            line_number       smallint,
            modifier_number   smallint,
            -- Of everything else.
            entry_id          bigint,
            -- 0, and counted up by what corrects it.
            correction_number smallint NOT NULL DEFAULT 0,
            CHECK ((order_key IS NULL) = (kind NOT IN ('sale', 'return'))),
            CHECK ((order_key IS NULL) = (entry_id IS NOT NULL))
        );
        CREATE UNIQUE INDEX movement_of_order ON inventory.movement (
            order_key, line_number, modifier_number, ingredient_key, kind, correction_number
        ) WHERE order_key IS NOT NULL;
        CREATE UNIQUE INDEX movement_of_entry ON inventory.movement (entry_id, location_key, correction_number)
        WHERE entry_id IS NOT NULL;
        CREATE INDEX movement_business_date ON inventory.movement USING brin (business_date);

        -- One row per location, ingredient, business day and kind of movement: the ledger's sums.
        CREATE TABLE inventory.daily_movement (
            location_key   integer NOT NULL,
            ingredient_key integer NOT NULL,
            business_date  date NOT NULL,
            kind           text NOT NULL,
            quantity       numeric(20, 5) NOT NULL,
            PRIMARY KEY (location_key, ingredient_key, business_date, kind)
        );

        -- One row per location and ingredient: what there is now, the sum of all its movements.
        CREATE TABLE inventory.stock_level (
            location_key   integer NOT NULL,
            ingredient_key integer NOT NULL,
            quantity       numeric(20, 5) NOT NULL,
            PRIMARY KEY (location_key, ingredient_key)
        );

        GRANT USAGE ON SCHEMA inventory TO storekeeper_app, storekeeper_reader;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA inventory TO storekeeper_app;
        -- Nobody rewrites the ledger.
        REVOKE UPDATE, DELETE ON inventory.movement, inventory.entry FROM storekeeper_app;
        GRANT SELECT ON ALL TABLES IN SCHEMA inventory TO storekeeper_reader;
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA inventory CASCADE")
