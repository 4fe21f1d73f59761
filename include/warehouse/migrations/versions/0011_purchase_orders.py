"""Purchase orders: shortages, what was proposed, approved, ordered and has come."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("""
        SELECT 1
    """)


def downgrade() -> None:
    op.execute("""
        SELECT 1
    """)
