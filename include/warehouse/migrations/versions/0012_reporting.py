"""Reporting: documented views with stable names over gold and inventory, for people who write SQL."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"

VIEWS = sorted((Path(__file__).parents[1] / "sql" / revision).glob("*.sql"))


def upgrade() -> None:
    op.execute("""
        -- What went back on the shelf is little: it is found without reading the whole ledger.
        CREATE INDEX movement_return ON inventory.movement (business_date) WHERE kind = 'return';

        -- The first day of the period that a day lies in; weeks begin on Monday.
        CREATE FUNCTION reporting.period_start(grain text, day date) RETURNS date
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN date_trunc(grain, day::timestamp)::date;
        COMMENT ON FUNCTION reporting.period_start IS
            'The first day of the day, week (Monday), month, quarter or year that a day lies in; '
            'GROUP BY reporting.period_start(''month'', business_date) adds up by months.';
    """)
    for view in VIEWS:
        op.get_bind().exec_driver_sql(view.read_text())
    op.execute("""
        GRANT SELECT ON inventory.recipe_cost, inventory.recipe_share, inventory.product_day
        TO storekeeper_app, storekeeper_reader;
        GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO storekeeper_app, storekeeper_reader, storekeeper_report;
    """)


def downgrade() -> None:
    op.execute("""
        DROP SCHEMA reporting CASCADE;
        CREATE SCHEMA reporting;
        GRANT USAGE ON SCHEMA reporting TO storekeeper_app, storekeeper_reader, storekeeper_report;
        DROP VIEW inventory.product_day;
        DROP VIEW inventory.recipe_share;
        DROP VIEW inventory.recipe_cost;
        DROP INDEX inventory.movement_return;
    """)
