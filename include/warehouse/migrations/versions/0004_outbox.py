"""Outbox: mails are written here in the transaction that decides on them, and sent by mail_delivery."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA outbox;

        -- One row per mail. dedupe_key makes a rerun of the deciding task write nothing new.
        CREATE TABLE outbox.message (
            message_id      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            dedupe_key      text NOT NULL UNIQUE,
            recipients      text[] NOT NULL CHECK (cardinality(recipients) > 0),
            subject         text NOT NULL,
            text_body       text NOT NULL,
            html_body       text NOT NULL,
            state           text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'claimed', 'sent', 'dead')),
            attempt_count   smallint NOT NULL DEFAULT 0,
            next_attempt_at timestamptz NOT NULL DEFAULT now(),
            claimed_at      timestamptz,
            last_error      text,
            created_at      timestamptz NOT NULL DEFAULT now(),
            sent_at         timestamptz
        );
        CREATE INDEX ON outbox.message (next_attempt_at) WHERE state IN ('new', 'claimed');

        -- One row per file that goes with a mail.
        CREATE TABLE outbox.attachment (
            message_id   uuid NOT NULL REFERENCES outbox.message ON DELETE CASCADE,
            number       smallint NOT NULL,
            filename     text NOT NULL,
            content_type text NOT NULL,
            content      bytea NOT NULL,
            PRIMARY KEY (message_id, number)
        );
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA outbox CASCADE")
