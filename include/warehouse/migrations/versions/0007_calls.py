"""Calls: what missed_calls made of the inbox's calls, and which alerts it sent."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA calls;
        GRANT USAGE ON SCHEMA calls TO storekeeper_app, storekeeper_reader;
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA calls CASCADE")
