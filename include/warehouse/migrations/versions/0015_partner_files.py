"""Partner files: what a partner's files brought each day, the reports made from them, and who did what."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA partner;

        -- One row per file that came, whatever became of it.
        CREATE TABLE partner.file (
            file_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            -- NULL: neither its name nor its kind tells.
            kind           text CHECK (kind IN ('customers', 'orders')),
            -- The business day whose new records it is to hold: people say it, or its name does.
            delivery_date  date,
            filename       text NOT NULL,
            sha256         text NOT NULL,
            byte_count     bigint NOT NULL,
            came_by        text NOT NULL CHECK (came_by IN ('upload', 'folder')),
            -- An Airflow user's name; 'folder'.
            received_by    text NOT NULL,
            received_at    timestamptz NOT NULL DEFAULT now(),
            -- loaded: its records hold. replaced: they did, until a later file came. repeated: they held already.
            state          text NOT NULL DEFAULT 'received'
                CHECK (state IN ('received', 'loaded', 'replaced', 'repeated', 'quarantined')),
            -- Why it is quarantined or repeated, and what to do; without values of rows.
            reason         text,
            -- What it was read as: csv, xlsx, xml; its character encoding.
            format         text,
            encoding       text,
            row_count      bigint,
            taken_count    bigint,
            rejected_count bigint,
            -- Orders of days before delivery_date; NULL: no order file.
            late_count     bigint,
            -- [{column, kind, is_rejected, count}]
            problem_counts jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(problem_counts) = 'array'),
            -- {missing: […], extra: […], renamed: {as given: as known}}
            columns        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(columns) = 'object'),
            settled_at     timestamptz,
            -- Where it lies below the partner files' folder.
            path           text NOT NULL,
            -- When its retention was over and the content deleted.
            deleted_at     timestamptz,
            CHECK ((settled_at IS NULL) = (state = 'received')),
            CHECK (state NOT IN ('loaded', 'replaced') OR (kind IS NOT NULL AND delivery_date IS NOT NULL))
        );
        CREATE UNIQUE INDEX file_loaded ON partner.file (delivery_date, kind) WHERE state = 'loaded';
        CREATE INDEX ON partner.file (file_id) WHERE state = 'received';
        CREATE INDEX ON partner.file (sha256);
        CREATE INDEX ON partner.file (received_at) WHERE deleted_at IS NULL;

        -- One row per problem with a row of a file; of very many the first (partner.file.problem_counts counts all).
        CREATE TABLE partner.file_problem (
            file_id     bigint NOT NULL REFERENCES partner.file ON DELETE CASCADE,
            -- The first row of records is 1.
            row_number  bigint NOT NULL,
            column_name text,
            kind        text NOT NULL,
            -- Whether the row was left out for it.
            is_rejected boolean NOT NULL,
            -- As it came, cut.
            value       text,
            message     text NOT NULL
        );
        CREATE INDEX ON partner.file_problem (file_id, row_number);

        -- One row per customer and delivery. The newest delivery that names a customer is current.
        CREATE TABLE silver.partner_customers (
            delivery_date     date NOT NULL,
            customer_id       text NOT NULL,
            customer_name     text,
            -- E.164; NULL where the number given is none.
            mobile_number     text,
            -- As it came, where it is no number.
            raw_mobile_number text,
            region            text,
            is_current        boolean NOT NULL,
            file_id           bigint NOT NULL,
            row_number        bigint NOT NULL,
            PRIMARY KEY (delivery_date, customer_id)
        );
        CREATE INDEX ON silver.partner_customers (customer_id, delivery_date);
        CREATE INDEX ON silver.partner_customers (mobile_number) WHERE is_current;

        -- One row per SKU of an order and delivery. The newest delivery that names an order is current, with all of it.
        CREATE TABLE silver.partner_orders (
            delivery_date      date NOT NULL,
            order_id           text NOT NULL,
            sku_id             text NOT NULL,
            mobile_number      text,
            raw_mobile_number  text,
            ordered_at         timestamptz NOT NULL,
            -- In the partner's time zone, by its cut-over hour. Before delivery_date: the order came late.
            business_date      date NOT NULL,
            sku_count          integer NOT NULL,
            -- Of these SKUs, in the partner's currency.
            total_amount_cents bigint NOT NULL,
            is_current         boolean NOT NULL,
            file_id            bigint NOT NULL,
            row_number         bigint NOT NULL,
            PRIMARY KEY (delivery_date, order_id, sku_id)
        );
        CREATE INDEX ON silver.partner_orders (order_id, delivery_date);
        CREATE INDEX ON silver.partner_orders (business_date) WHERE is_current;

        -- One row per workbook that was made of a day: a correction is another edition.
        CREATE TABLE partner.edition (
            edition_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            source         text NOT NULL CHECK (source IN ('partner', 'square')),
            business_date  date NOT NULL,
            -- The Airflow run that made it, and that waits for the decision.
            dag_run_id     text NOT NULL,
            map_index      integer NOT NULL,
            -- superseded: another edition was made before anybody decided. lapsed: nobody did in time.
            state          text NOT NULL DEFAULT 'pending'
                CHECK (state IN ('pending', 'approved', 'rejected', 'superseded', 'lapsed')),
            filename       text NOT NULL,
            -- Where it lies below the partner files' folder: never below the outputs', which anybody may read.
            path           text NOT NULL,
            sha256         text NOT NULL,
            byte_count     bigint NOT NULL,
            -- The figures that a decision needs: [{label, value}], without personal data.
            headlines      jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(headlines) = 'array'),
            -- The files that its day was made of; NULL: none came, or the source is not the partner's files.
            customers_file_id bigint REFERENCES partner.file,
            orders_file_id    bigint REFERENCES partner.file,
            made_at        timestamptz NOT NULL DEFAULT now(),
            decided_by     text,
            decided_at     timestamptz,
            decision_note  text,
            -- When what follows the approval was done: the sheet, the mail.
            exported_at    timestamptz,
            sheet_url      text,
            deleted_at     timestamptz,
            UNIQUE (dag_run_id, map_index),
            CHECK ((decided_at IS NULL) = (state = 'pending')),
            CHECK (exported_at IS NULL OR state = 'approved')
        );
        CREATE UNIQUE INDEX edition_pending ON partner.edition (source, business_date) WHERE state = 'pending';
        CREATE INDEX ON partner.edition (business_date, source, edition_id);

        -- One row per deed of a person; nobody may change or delete one.
        CREATE TABLE partner.deed (
            deed_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            done_at    timestamptz NOT NULL DEFAULT now(),
            done_by    text NOT NULL,
            action     text NOT NULL CHECK (action IN ('uploaded', 'approved', 'rejected', 'downloaded')),
            file_id    bigint REFERENCES partner.file,
            edition_id bigint REFERENCES partner.edition,
            CHECK (num_nonnulls(file_id, edition_id) = 1)
        );
        CREATE INDEX ON partner.deed (edition_id) WHERE edition_id IS NOT NULL;
        CREATE INDEX ON partner.deed (file_id) WHERE file_id IS NOT NULL;

        ALTER TABLE reports.report_run DROP CONSTRAINT report_run_dag_id_check;
        ALTER TABLE reports.report_run ADD CONSTRAINT report_run_dag_id_check
            CHECK (dag_id IN ('report_run', 'products_sold_report', 'sales_report', 'customer_orders_report'));

        GRANT USAGE ON SCHEMA partner TO storekeeper_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA partner TO storekeeper_app;
        REVOKE UPDATE, DELETE ON partner.deed FROM storekeeper_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON silver.partner_customers, silver.partner_orders TO storekeeper_app;
    """)


def downgrade() -> None:
    op.execute("""
        ALTER TABLE reports.report_run DROP CONSTRAINT report_run_dag_id_check;
        DELETE FROM reports.report_run WHERE dag_id = 'customer_orders_report';
        ALTER TABLE reports.report_run ADD CONSTRAINT report_run_dag_id_check
            CHECK (dag_id IN ('report_run', 'products_sold_report', 'sales_report'));
        DROP SCHEMA partner CASCADE;
        DROP TABLE silver.partner_customers, silver.partner_orders;
    """)
