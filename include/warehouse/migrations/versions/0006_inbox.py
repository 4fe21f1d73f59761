"""Inbox: what the outside world pushed, as the listener wrote it; Airflow claims it by state."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA inbox;

        -- One row per ended call of a phone system (feed), answered or not: the listener's verdict.
        CREATE TABLE inbox.call (
            call_key       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            feed           text NOT NULL,
            -- The phone system's own: with ARI the id of the channel that the call came in by.
            call_id        text NOT NULL,
            outcome        text NOT NULL CHECK (outcome IN (
                'ANSWERED', 'CALLER_GAVE_UP', 'RANG_OUT', 'BUSY', 'PHONES_UNREACHABLE', 'VOICEMAIL', 'HUNG_UP_EARLY',
                'QUEUE_ABANDONED', 'QUEUE_TIMEOUT', 'QUEUE_FULL', 'QUEUE_EMPTY', 'UNKNOWN', 'UNKNOWN_GAP'
            )),
            caller_number  text,
            caller_name    text,
            dialled_number text,
            -- As the phone system calls it; which of the chain's departments that is, the configuration says.
            department     text,
            -- From the first leg's ringing, from the call's start, each to the answer or the end; from the answer.
            ring_seconds   numeric(9, 3) NOT NULL CHECK (ring_seconds >= 0),
            wait_seconds   numeric(9, 3) NOT NULL CHECK (wait_seconds >= 0),
            talk_seconds   numeric(9, 3) NOT NULL CHECK (talk_seconds >= 0),
            legs_tried     smallint NOT NULL,
            started_at     timestamptz NOT NULL,
            answered_at    timestamptz,
            ended_at       timestamptz NOT NULL,
            received_at    timestamptz NOT NULL DEFAULT now(),
            state          text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'claimed', 'handled', 'dead')),
            attempt_count  smallint NOT NULL DEFAULT 0,
            next_attempt_at timestamptz NOT NULL DEFAULT now(),
            claimed_at     timestamptz,
            last_error     text,
            -- When operations were told that the row is dead.
            announced_at   timestamptz,
            UNIQUE (feed, call_id)
        );
        CREATE INDEX ON inbox.call (next_attempt_at) WHERE state IN ('new', 'claimed');
        CREATE INDEX ON inbox.call (ended_at);

        -- One row when a feed is lost, and one of the same gap_id when it is back: the listener may only insert.
        CREATE TABLE inbox.call_feed_gap (
            gap_id      uuid NOT NULL,
            feed        text NOT NULL,
            started_at  timestamptz NOT NULL,
            ended_at    timestamptz CHECK (ended_at >= started_at),
            reason      text NOT NULL,
            received_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE UNIQUE INDEX ON inbox.call_feed_gap (gap_id, (ended_at IS NULL));
        CREATE INDEX ON inbox.call_feed_gap (started_at);

        -- One row per gap; ended_at is NULL while it lasts.
        CREATE VIEW inbox.call_feed_gaps AS
        SELECT gap_id, feed, min(started_at) AS started_at, max(ended_at) AS ended_at, min(reason) AS reason
        FROM inbox.call_feed_gap
        GROUP BY gap_id, feed;

        -- One row per event of a provider ('square', or one of the listener's order providers).
        CREATE TABLE inbox.webhook_event (
            event_key      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            provider       text NOT NULL,
            event_id       text NOT NULL,
            event_type     text NOT NULL,
            -- The body as it came, byte for byte.
            body           bytea NOT NULL,
            -- The provider's order in our words (listener/webhooks/order.py); NULL where the body names the order only.
            online_order   jsonb,
            received_at    timestamptz NOT NULL DEFAULT now(),
            -- Signed but not to be read: comes in as 'dead' with the reason.
            state          text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'claimed', 'handled', 'dead')),
            attempt_count  smallint NOT NULL DEFAULT 0,
            next_attempt_at timestamptz NOT NULL DEFAULT now(),
            claimed_at     timestamptz,
            last_error     text,
            -- When operations were told that the row is dead.
            announced_at   timestamptz,
            UNIQUE (provider, event_id)
        );
        CREATE INDEX ON inbox.webhook_event (next_attempt_at) WHERE state IN ('new', 'claimed');
        CREATE INDEX ON inbox.webhook_event (received_at);

        -- Rings on the channel inbox_<table>. The bell carries no facts; a duplicate inserts nothing and rings nothing.
        CREATE FUNCTION inbox.ring() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM inserted WHERE state = 'new') THEN
                PERFORM pg_notify('inbox_' || TG_TABLE_NAME, '');
            END IF;
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER ring AFTER INSERT ON inbox.call
            REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION inbox.ring();
        CREATE TRIGGER ring AFTER INSERT ON inbox.webhook_event
            REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION inbox.ring();

        GRANT USAGE ON SCHEMA inbox TO storekeeper_app, storekeeper_listener;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA inbox TO storekeeper_app;
        -- The listener adds facts. It reads nothing, and what became of a row is not its to write.
        GRANT INSERT (
            feed, call_id, outcome, caller_number, caller_name, dialled_number, department, ring_seconds, wait_seconds,
            talk_seconds, legs_tried, started_at, answered_at, ended_at
        ) ON inbox.call TO storekeeper_listener;
        GRANT INSERT (gap_id, feed, started_at, ended_at, reason) ON inbox.call_feed_gap TO storekeeper_listener;
        GRANT INSERT (provider, event_id, event_type, body, online_order, state, last_error)
            ON inbox.webhook_event TO storekeeper_listener;
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA inbox CASCADE")
