"""Who may do what. Roles are made by include.warehouse.bootstrap; later migrations inherit these default privileges."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("""
        CREATE SCHEMA reporting;

        GRANT USAGE ON SCHEMA bronze, silver, gold, outbox, reporting TO storekeeper_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bronze, silver, gold, outbox TO storekeeper_app;
        -- Loads draw the keys of new orders themselves, and write orders with all below them by COPY.
        GRANT USAGE ON SEQUENCE silver.orders_order_key_seq TO storekeeper_app;
        GRANT EXECUTE ON FUNCTION gold.ensure_fact_sales_partition TO storekeeper_app;
        -- Refreshing a materialized view and ANALYZE after a load need no ownership.
        GRANT MAINTAIN ON ALL TABLES IN SCHEMA bronze, silver, gold TO storekeeper_app;

        GRANT USAGE ON SCHEMA silver, gold, reporting TO storekeeper_reader;
        GRANT SELECT ON ALL TABLES IN SCHEMA gold TO storekeeper_reader;
        GRANT SELECT ON silver.locations, silver.products TO storekeeper_reader;

        GRANT USAGE ON SCHEMA reporting TO storekeeper_report;
    """)


def downgrade() -> None:
    op.execute("DROP SCHEMA reporting CASCADE")
