"""Online orders: what large_orders knows of each order, and which alerts it sent."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA online_orders;
        GRANT USAGE ON SCHEMA online_orders TO storekeeper_app;
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA online_orders CASCADE")
