"""Stock at Square: what is sent there, under which key, and what Square should say."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("""
        SELECT 1
    """)


def downgrade() -> None:
    op.execute("""
        SELECT 1
    """)
