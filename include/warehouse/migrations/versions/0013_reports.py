"""Reports: what people define, order and ask for, each run of it, and who was told."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA reports;

        -- One row per SQL report, also of those that were deleted: their runs stay.
        CREATE TABLE reports.report (
            report_id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name                    text NOT NULL,
            description             text NOT NULL DEFAULT '',
            -- A parameter stands in it as its name after a colon.
            sql                     text NOT NULL,
            -- [{name, type, label, default, allowed}] (include/sql_reports/query/parameters.py)
            parameters              jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(parameters) = 'array'),
            -- NULL: only on demand.
            cron                    text,
            timezone                text NOT NULL,
            formats                 text[] NOT NULL
                CHECK (cardinality(formats) > 0 AND formats <@ ARRAY['csv', 'json', 'xlsx']),
            -- Get the whole report.
            recipients              text[] NOT NULL DEFAULT '{}',
            -- A column that holds locations' names: the recipients of each location get its rows.
            location_column         text,
            -- The mail address that failures go to.
            owner                   text NOT NULL,
            is_active               boolean NOT NULL DEFAULT true,
            -- [{kind, column, …, on_breach}] (include/sql_reports/definitions/rules.py)
            rules                   jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(rules) = 'array'),
            retry_count             smallint NOT NULL CHECK (retry_count BETWEEN 0 AND 5),
            timeout_seconds         integer NOT NULL CHECK (timeout_seconds BETWEEN 1 AND 3600),
            row_limit               bigint NOT NULL CHECK (row_limit > 0),
            is_skipped_if_empty     boolean NOT NULL DEFAULT false,
            is_sent_only_if_changed boolean NOT NULL DEFAULT false,
            -- How long its files are kept.
            retention_days          integer NOT NULL CHECK (retention_days > 0),
            -- NULL: not scheduled, or not active.
            next_run_at             timestamptz,
            -- Counts the changes: the ETag of the API.
            version                 integer NOT NULL DEFAULT 1,
            -- Of a report that the configuration brought: its key there, and what it said when it was last taken over.
            config_key              text UNIQUE,
            config_digest           text,
            created_at              timestamptz NOT NULL DEFAULT now(),
            created_by              text NOT NULL,
            updated_at              timestamptz NOT NULL DEFAULT now(),
            updated_by              text NOT NULL,
            deleted_at              timestamptz,
            CHECK (next_run_at IS NULL OR (cron IS NOT NULL AND is_active AND deleted_at IS NULL))
        );
        CREATE UNIQUE INDEX report_name ON reports.report (lower(name)) WHERE deleted_at IS NULL;
        CREATE INDEX ON reports.report (next_run_at) WHERE next_run_at IS NOT NULL;

        -- One row per standing order: a report of ours (a DAG) that is made on a schedule, with these params.
        CREATE TABLE reports.standing_order (
            standing_order_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name              text NOT NULL,
            dag_id            text NOT NULL CHECK (dag_id IN ('products_sold_report', 'sales_report')),
            -- The DAG's params: period, filters, recipients.
            params            jsonb NOT NULL CHECK (jsonb_typeof(params) = 'object'),
            cron              text NOT NULL,
            timezone          text NOT NULL,
            is_active         boolean NOT NULL DEFAULT true,
            next_run_at       timestamptz,
            version           integer NOT NULL DEFAULT 1,
            config_key        text UNIQUE,
            config_digest     text,
            created_at        timestamptz NOT NULL DEFAULT now(),
            created_by        text NOT NULL,
            updated_at        timestamptz NOT NULL DEFAULT now(),
            updated_by        text NOT NULL,
            deleted_at        timestamptz,
            CHECK (next_run_at IS NULL OR (is_active AND deleted_at IS NULL))
        );
        CREATE UNIQUE INDEX standing_order_name ON reports.standing_order (lower(name)) WHERE deleted_at IS NULL;
        CREATE INDEX ON reports.standing_order (next_run_at) WHERE next_run_at IS NOT NULL;

        -- One row per run of a report, and so per Airflow DAG run of report_run, products_sold_report and sales_report.
        CREATE TABLE reports.report_run (
            run_id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            dag_id            text NOT NULL CHECK (dag_id IN ('report_run', 'products_sold_report', 'sales_report')),
            dag_run_id        text NOT NULL,
            report_id         bigint REFERENCES reports.report,
            standing_order_id bigint REFERENCES reports.standing_order,
            -- The report's name at that time.
            title             text NOT NULL,
            state             text NOT NULL DEFAULT 'queued'
                CHECK (state IN ('queued', 'running', 'success', 'failed', 'skipped')),
            -- An Airflow user's name; 'schedule' when nobody asked but the time.
            asked_by          text NOT NULL,
            -- When a schedule wanted it.
            due_at            timestamptz,
            queued_at         timestamptz NOT NULL DEFAULT now(),
            started_at        timestamptz,
            finished_at       timestamptz,
            attempt_count     smallint NOT NULL DEFAULT 0,
            -- What the Airflow run is started with; again by report_dispatch, if it was not.
            conf              jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(conf) = 'object'),
            -- What each of the tasks that make it has come to: {name: {state, row_count, error}}.
            parts             jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(parts) = 'object'),
            -- As run.
            sql               text,
            parameters        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(parameters) = 'object'),
            row_count         bigint,
            byte_count        bigint,
            -- Equal for equal rows: of a report that is sent only if it changed.
            digest            text,
            sheet_url         text,
            -- Which rules were broken: [{rule, message, on_breach}].
            breaches          jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(breaches) = 'array'),
            -- What people should know of a success or a skip: 'no rows', 'unchanged since …', 'withheld: …'.
            note              text,
            error             text,
            -- When the report's owner was told that it failed, or what rules it broke.
            owner_told_at     timestamptz,
            UNIQUE (dag_id, dag_run_id),
            CHECK ((finished_at IS NULL) = (state IN ('queued', 'running'))),
            CHECK ((dag_id = 'report_run') = (report_id IS NOT NULL))
        );
        CREATE INDEX ON reports.report_run (report_id, run_id);
        CREATE INDEX report_run_success ON reports.report_run (report_id, run_id) INCLUDE (row_count)
            WHERE state = 'success';
        CREATE INDEX report_run_untold ON reports.report_run (report_id)
            WHERE owner_told_at IS NULL AND (state = 'failed' OR breaches <> '[]');
        CREATE INDEX ON reports.report_run (standing_order_id, run_id) WHERE standing_order_id IS NOT NULL;
        CREATE INDEX ON reports.report_run (queued_at) WHERE state IN ('queued', 'running');

        -- One row per file that a run made. Downloads are by its id only.
        CREATE TABLE reports.report_file (
            file_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            run_id        bigint NOT NULL REFERENCES reports.report_run ON DELETE CASCADE,
            format        text NOT NULL CHECK (format IN ('csv', 'json', 'xlsx')),
            -- The name that people see, and where it lies below the outputs' folder.
            filename      text NOT NULL,
            path          text NOT NULL UNIQUE,
            byte_count    bigint NOT NULL,
            -- Of a part of the report: the location whose rows it holds.
            location_name text,
            created_at    timestamptz NOT NULL DEFAULT now(),
            -- When its retention was over and the file deleted.
            deleted_at    timestamptz
        );
        CREATE INDEX ON reports.report_file (run_id);
        CREATE INDEX ON reports.report_file (created_at) WHERE deleted_at IS NULL;

        -- One row per mail that was decided on: a report's, its resending, or a failure's.
        CREATE TABLE reports.notification_log (
            notification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            run_id          bigint NOT NULL REFERENCES reports.report_run ON DELETE CASCADE,
            kind            text NOT NULL CHECK (kind IN ('report', 'resend', 'failure', 'breach')),
            recipients      text[] NOT NULL,
            -- outbox.message keeps messages for a while only: no foreign key.
            message_id      uuid NOT NULL,
            decided_at      timestamptz NOT NULL DEFAULT now(),
            asked_by        text NOT NULL
        );
        CREATE INDEX ON reports.notification_log (run_id);
        CREATE INDEX ON reports.notification_log (kind, decided_at);

        -- One row per change that somebody made; nobody may change or delete one.
        CREATE TABLE reports.change (
            change_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            changed_at timestamptz NOT NULL DEFAULT now(),
            changed_by text NOT NULL,
            action     text NOT NULL CHECK (action IN ('created', 'updated', 'deleted')),
            kind       text NOT NULL CHECK (kind IN ('report', 'standing_order')),
            object_id  bigint NOT NULL,
            -- The definition before and after; NULL where there is none.
            before     jsonb,
            after      jsonb
        );
        CREATE INDEX ON reports.change (kind, object_id, change_id);

        GRANT USAGE ON SCHEMA reports TO storekeeper_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA reports TO storekeeper_app;
        REVOKE UPDATE, DELETE ON reports.change FROM storekeeper_app;
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA reports CASCADE")
