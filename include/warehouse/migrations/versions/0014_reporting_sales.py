"""Reporting: documented views over sales, customers, calls, online orders, mails and runs of reports."""

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"

VIEWS = sorted((Path(__file__).parents[1] / "sql" / revision).glob("*.sql"))


def upgrade() -> None:
    for view in VIEWS:
        op.get_bind().exec_driver_sql(view.read_text())
    op.execute("""
        GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO storekeeper_app, storekeeper_reader, storekeeper_report;
    """)


def downgrade() -> None:
    for view in reversed(VIEWS):
        op.execute(f"DROP VIEW reporting.{view.stem[3:]}")
