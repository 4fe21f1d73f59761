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
        INSERT INTO inventory.pending_order SELECT DISTINCT order_key FROM gold.fact_sales;

        -- One row per thing that people tell: what came, what was thrown away, counted, sent elsewhere, what was there.
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
        CREATE INDEX entry_count ON inventory.entry (location_key, ingredient_key, occurred_at, entry_id)
        WHERE kind = 'count';

        -- The ledger: one row per order line (or modifier) and ingredient, and per entry and location. It is only ever
        -- added to; what has turned out otherwise gets a further row with the difference.
        -- The sum of a location's and an ingredient's rows is what there is.
        -- A year has some 23 million rows: the columns stand in the order in which nothing is lost between them.
        CREATE TABLE inventory.movement (
            movement_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            occurred_at       timestamptz NOT NULL,
            recorded_at       timestamptz NOT NULL DEFAULT now(),
            -- Of a sale or return: its row of gold.fact_sales.
            order_key         bigint,
            -- Of everything else.
            entry_id          bigint,
            business_date     date NOT NULL,
            location_key      integer NOT NULL,
            ingredient_key    integer NOT NULL,
            line_number       smallint,
            modifier_number   smallint,
            -- 0, and counted up by what corrects it.
            correction_number smallint NOT NULL DEFAULT 0,
            kind              text NOT NULL CHECK (
                kind IN ('sale', 'return', 'opening', 'receipt', 'waste', 'count', 'transfer')
            ),
            -- Negative: taken off.
            quantity          numeric(20, 5) NOT NULL CHECK (quantity <> 0),
            CHECK ((order_key IS NULL) = (kind NOT IN ('sale', 'return'))),
            CHECK ((order_key IS NULL) = (entry_id IS NOT NULL))
        );
        CREATE UNIQUE INDEX movement_of_order ON inventory.movement (
            order_key, line_number, modifier_number, ingredient_key, kind, correction_number
        ) WHERE order_key IS NOT NULL;
        CREATE UNIQUE INDEX movement_of_entry ON inventory.movement (entry_id, location_key, correction_number)
        WHERE entry_id IS NOT NULL;
        CREATE INDEX movement_business_date ON inventory.movement USING brin (business_date)
        WITH (autosummarize = on);

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
            -- From when on somebody has said how much there is: before it the sum is no stock.
            taken_over_at  timestamptz,
            is_taken_over  boolean NOT NULL GENERATED ALWAYS AS (taken_over_at IS NOT NULL) STORED,
            PRIMARY KEY (location_key, ingredient_key)
        );

        -- Writers of the ledger take turns, so that movement_id is the order in which rows become visible, and what a
        -- writer has read of a sum still holds when it writes. Who reads a sum first asks for its turn before.
        CREATE FUNCTION inventory.lock_ledger() RETURNS void
        LANGUAGE sql VOLATILE
        BEGIN ATOMIC
            SELECT pg_advisory_xact_lock(hashtext('inventory.movement'));
        END;

        CREATE FUNCTION inventory.take_turn() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM inventory.lock_ledger();
            RETURN NULL;
        END $$;
        CREATE TRIGGER take_turn BEFORE INSERT ON inventory.movement
        FOR EACH STATEMENT EXECUTE FUNCTION inventory.take_turn();

        -- The sums are written by the ledger and by nobody else: hence as the owner.
        CREATE FUNCTION inventory.add_up() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET jit = off AS $$
        BEGIN
            WITH booked AS (
                SELECT location_key, ingredient_key, business_date, kind, sum(quantity) AS quantity
                FROM movement_added
                GROUP BY location_key, ingredient_key, business_date, kind
            ),
            by_day AS (
                INSERT INTO inventory.daily_movement AS known
                    (location_key, ingredient_key, business_date, kind, quantity)
                SELECT location_key, ingredient_key, business_date, kind, quantity FROM booked
                ON CONFLICT (location_key, ingredient_key, business_date, kind)
                DO UPDATE SET quantity = known.quantity + excluded.quantity
            )
            INSERT INTO inventory.stock_level AS known (location_key, ingredient_key, quantity)
            SELECT location_key, ingredient_key, sum(quantity) FROM booked GROUP BY location_key, ingredient_key
            ON CONFLICT (location_key, ingredient_key)
            DO UPDATE SET quantity = known.quantity + excluded.quantity;
            RETURN NULL;
        END $$;
        CREATE TRIGGER add_up AFTER INSERT ON inventory.movement
        REFERENCING NEW TABLE AS movement_added
        FOR EACH STATEMENT EXECUTE FUNCTION inventory.add_up();

        CREATE FUNCTION inventory.note_taken_over() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        BEGIN
            INSERT INTO inventory.stock_level AS known (location_key, ingredient_key, quantity, taken_over_at)
            SELECT location_key, ingredient_key, 0, min(occurred_at)
            FROM entry_added
            WHERE kind IN ('opening', 'count')
            GROUP BY location_key, ingredient_key
            ON CONFLICT (location_key, ingredient_key) DO UPDATE SET taken_over_at = excluded.taken_over_at
            WHERE known.taken_over_at IS NULL OR known.taken_over_at > excluded.taken_over_at;
            RETURN NULL;
        END $$;
        CREATE TRIGGER note_taken_over AFTER INSERT ON inventory.entry
        REFERENCING NEW TABLE AS entry_added
        FOR EACH STATEMENT EXECUTE FUNCTION inventory.note_taken_over();

        -- One row per order line or modifier that was sold, and ingredient of its recipe of that business day: what it
        -- has used, in the ingredient's unit.
        CREATE VIEW inventory.sale_use AS
        SELECT
            fact.order_key,
            fact.line_number,
            fact.modifier_number,
            used.ingredient_key,
            fact.location_key,
            fact.business_date,
            fact.sold_at,
            round(fact.quantity * used.quantity, 5) AS quantity
        FROM gold.fact_sales AS fact
        JOIN inventory.recipe
            ON recipe.product_key = fact.line_product_key
            AND recipe.modifier_key = CASE fact.kind WHEN 'modifier' THEN fact.product_key ELSE 0 END
            AND fact.business_date >= recipe.valid_from_date
            AND fact.business_date < recipe.valid_to_date
        JOIN inventory.recipe_ingredient AS used USING (recipe_key)
        WHERE fact.kind IN ('line', 'modifier');

        -- One row per business day, location and variation, or modifier on a variation, that was sold without a recipe.
        CREATE VIEW inventory.unmapped AS
        SELECT
            fact.business_date,
            fact.location_key,
            fact.product_key,
            fact.line_product_key,
            item.item_name,
            item.variation_name,
            CASE fact.kind WHEN 'modifier' THEN product.item_name END AS modifier_name,
            sum(fact.quantity) AS quantity,
            count(DISTINCT fact.order_key)::integer AS order_count
        FROM gold.fact_sales AS fact
        JOIN gold.dim_product AS product USING (product_key)
        JOIN gold.dim_product AS item ON item.product_key = fact.line_product_key
        WHERE fact.kind IN ('line', 'modifier')
            AND NOT EXISTS (
                SELECT FROM inventory.recipe
                WHERE recipe.product_key = fact.line_product_key
                    AND recipe.modifier_key = CASE fact.kind WHEN 'modifier' THEN fact.product_key ELSE 0 END
                    AND fact.business_date >= recipe.valid_from_date
                    AND fact.business_date < recipe.valid_to_date
            )
        GROUP BY
            fact.business_date, fact.location_key, fact.kind, fact.product_key, fact.line_product_key,
            item.item_name, item.variation_name, product.item_name;

        -- One row per location and ingredient: what there is, and what it is worth at today's cost.
        CREATE VIEW inventory.stock AS
        SELECT
            level.location_key,
            location.name AS location_name,
            level.ingredient_key,
            ingredient.name AS ingredient_name,
            ingredient.unit,
            level.quantity AS on_hand,
            level.is_taken_over,
            ingredient.is_active,
            cost.unit_cost_cents,
            cost.currency,
            round(level.quantity * cost.unit_cost_cents)::bigint AS value_cents
        FROM inventory.stock_level AS level
        JOIN gold.dim_location AS location USING (location_key)
        JOIN inventory.ingredient USING (ingredient_key)
        LEFT JOIN inventory.ingredient_cost AS cost
            ON cost.ingredient_key = level.ingredient_key
            AND current_date >= cost.valid_from_date
            AND current_date < cost.valid_to_date;

        -- One row per location and ingredient: what there was at an instant, its own movements included. Whole business
        -- days come from their sums. At any cut-over hour, anywhere on earth, a business day that began two days before
        -- the instant's UTC date has ended, and one that begins two days after it has not begun.
        CREATE FUNCTION inventory.stock_at(at timestamptz)
        RETURNS TABLE (location_key integer, ingredient_key integer, on_hand numeric)
        LANGUAGE sql STABLE PARALLEL SAFE
        BEGIN ATOMIC
            SELECT location_key, ingredient_key, sum(quantity)
            FROM (
                SELECT location_key, ingredient_key, quantity
                FROM inventory.daily_movement
                WHERE business_date <= (at AT TIME ZONE 'UTC')::date - 2
                UNION ALL
                SELECT location_key, ingredient_key, quantity
                FROM inventory.movement
                WHERE business_date BETWEEN (at AT TIME ZONE 'UTC')::date - 1 AND (at AT TIME ZONE 'UTC')::date + 1
                    AND occurred_at <= at
            ) AS moved
            GROUP BY location_key, ingredient_key;
        END;

        -- Takes a location that is no longer in the warehouse (a simulated one) out of the ledger too; the only way in
        -- which movements go.
        CREATE FUNCTION inventory.forget_location(gone_key integer) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
        BEGIN
            IF EXISTS (SELECT FROM gold.dim_location WHERE location_key = gone_key) THEN
                RAISE EXCEPTION 'location % is in the warehouse, so its ledger stays', gone_key;
            END IF;
            PERFORM inventory.lock_ledger();
            DELETE FROM inventory.movement WHERE location_key = gone_key;
            DELETE FROM inventory.daily_movement WHERE location_key = gone_key;
            DELETE FROM inventory.stock_level WHERE location_key = gone_key;
        END $$;
        REVOKE ALL ON FUNCTION inventory.forget_location FROM public;

        -- The returns of an order that changes are looked at again with it.
        CREATE INDEX order_return_lines_source ON silver.order_return_lines (source_order_id);

        GRANT USAGE ON SCHEMA inventory TO storekeeper_app, storekeeper_reader;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA inventory TO storekeeper_app;
        -- Nobody rewrites the ledger, and its sums are its own affair.
        REVOKE UPDATE, DELETE ON inventory.movement, inventory.entry FROM storekeeper_app;
        REVOKE INSERT, UPDATE, DELETE ON inventory.daily_movement, inventory.stock_level FROM storekeeper_app;
        GRANT MAINTAIN ON ALL TABLES IN SCHEMA inventory TO storekeeper_app;
        GRANT EXECUTE ON FUNCTION inventory.forget_location TO storekeeper_app;
        GRANT SELECT ON ALL TABLES IN SCHEMA inventory TO storekeeper_reader;
    """)


def downgrade() -> None:
    op.execute("DROP INDEX silver.order_return_lines_source; DROP SCHEMA inventory CASCADE")
