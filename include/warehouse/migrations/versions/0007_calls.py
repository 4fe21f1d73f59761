"""Calls: what missed_calls made of the inbox's calls, and which alerts it sent."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA calls;

        -- One row per alert: a mail that told of missed calls of a department.
        CREATE TABLE calls.alert (
            alert_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            -- 'missed' goes to the department, 'unreachable' to those who see to the phone system.
            kind            text NOT NULL CHECK (kind IN ('missed', 'unreachable')),
            location        text NOT NULL,
            department      text NOT NULL,
            call_count      integer NOT NULL CHECK (call_count > 0),
            -- The stretch that it tells of: after the one, up to and with the other.
            window_begin_at timestamptz NOT NULL,
            window_end_at   timestamptz NOT NULL CHECK (window_end_at > window_begin_at),
            decided_at      timestamptz NOT NULL,
            -- When the department was told that it is over; stays NULL where nobody wants to know.
            all_clear_at    timestamptz
        );
        CREATE INDEX ON calls.alert (location, department, decided_at);

        -- One row per call, missed or not: inbox.call, and what the configuration of its time made of it.
        CREATE TABLE calls.call (
            call_key             bigint PRIMARY KEY,
            feed                 text NOT NULL,
            call_id              text NOT NULL,
            -- NULL while nobody has configured the number (calls.unconfigured_number).
            location             text,
            department           text,
            business_date        date,
            outcome              text NOT NULL,
            is_missed            boolean GENERATED ALWAYS AS (
                outcome NOT IN ('ANSWERED', 'UNKNOWN', 'UNKNOWN_GAP')
            ) STORED,
            is_counted           boolean NOT NULL,
            -- Why a missed call counts towards no alert.
            uncounted_because    text CHECK (
                uncounted_because IN ('outcome', 'closed', 'short_abandon', 'unconfigured')
            ),
            caller_number        text,
            caller_name          text,
            -- Tells callers apart; NULL of a withheld number.
            caller_digits        text GENERATED ALWAYS AS (
                left(nullif(regexp_replace(caller_number, '[^0-9]', '', 'g'), ''), 40)
            ) STORED,
            dialled_number       text,
            -- The department as the phone system calls it.
            phone_system_name    text,
            ring_seconds         numeric(9, 3) NOT NULL,
            wait_seconds         numeric(9, 3) NOT NULL,
            talk_seconds         numeric(9, 3) NOT NULL,
            legs_tried           smallint NOT NULL,
            started_at           timestamptz NOT NULL,
            answered_at          timestamptz,
            ended_at             timestamptz NOT NULL,
            -- The alerts that told of it: it is never told of again.
            missed_alert_id      bigint REFERENCES calls.alert,
            unreachable_alert_id bigint REFERENCES calls.alert,
            UNIQUE (feed, call_id),
            CHECK ((location IS NULL) = (department IS NULL) AND (location IS NULL) = (business_date IS NULL)),
            CHECK (NOT is_missed OR (location IS NULL) = (uncounted_because IS NOT DISTINCT FROM 'unconfigured')),
            CHECK (is_counted = (is_missed AND uncounted_because IS NULL)),
            CHECK (is_missed OR uncounted_because IS NULL)
        );
        CREATE INDEX ON calls.call (location, department, ended_at);
        CREATE INDEX ON calls.call (location, caller_digits, started_at);
        CREATE INDEX ON calls.call (location, business_date);
        CREATE INDEX ON calls.call (ended_at) WHERE is_missed;
        CREATE INDEX ON calls.call (missed_alert_id) WHERE missed_alert_id IS NOT NULL;

        -- One row per number that calls came in by and that is nobody's in phones.yaml; gone when it is somebody's.
        CREATE TABLE calls.unconfigured_number (
            feed              text NOT NULL,
            dialled_number    text,
            phone_system_name text,
            first_call_key    bigint NOT NULL,
            told_at           timestamptz NOT NULL DEFAULT now(),
            UNIQUE NULLS NOT DISTINCT (feed, dialled_number, phone_system_name)
        );
        CREATE INDEX ON calls.call (feed, dialled_number, phone_system_name) WHERE location IS NULL;

        -- One row per silence that somebody asked for: no alert about the department or calls of that time.
        CREATE TABLE calls.mute (
            -- The Airflow run that was asked: a retry mutes nothing twice.
            mute_id    text PRIMARY KEY,
            location   text NOT NULL,
            department text NOT NULL,
            begin_at   timestamptz NOT NULL,
            until_at   timestamptz NOT NULL CHECK (until_at >= begin_at),
            muted_by   text NOT NULL,
            reason     text NOT NULL
        );
        CREATE INDEX ON calls.mute (location, department, until_at);

        GRANT USAGE ON SCHEMA calls TO storekeeper_app, storekeeper_reader;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA calls TO storekeeper_app;
        -- The dashboard sees calls, and nobody who called.
        GRANT SELECT ON calls.alert TO storekeeper_reader;
        GRANT SELECT (
            call_key, location, department, business_date, outcome, is_missed, is_counted, uncounted_because,
            ring_seconds, wait_seconds, talk_seconds, legs_tried, started_at, answered_at, ended_at, missed_alert_id,
            unreachable_alert_id
        ) ON calls.call TO storekeeper_reader;
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA calls CASCADE")
