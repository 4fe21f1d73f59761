"""Makes what a superuser has to make: the databases and the roles, each with the password its variable holds.

    python -m include.warehouse.bootstrap        reads STOREKEEPER_SUPERUSER_DB_URL and STOREKEEPER_<ROLE>_PASSWORD

Roles (see docs/architecture.md): storekeeper_owner migrates, storekeeper_app runs the DAGs, storekeeper_listener writes
the inbox, storekeeper_reader feeds the dashboard, storekeeper_report runs people's SQL. Running it again changes only
passwords that changed.
"""

import os
from collections.abc import Mapping

import psycopg
from psycopg import sql

from include.warehouse.statements import statement

ROLES = ("owner", "app", "listener", "reader", "report")


def bootstrap(superuser_url: str, passwords: Mapping[str, str], databases: Mapping[str, str]) -> None:
    """
    :param passwords: role name → password; a role without one can log in only where the server asks for none.
    :param databases: database name → the role that owns it.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role in dict.fromkeys([*(f"storekeeper_{name}" for name in ROLES), *databases.values()]):
            identifier = sql.Identifier(role)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(identifier))
            if role in passwords:
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(identifier, sql.Literal(passwords[role]))
                )
        for database, owner in databases.items():
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(owner))
                )
            connection.execute(
                sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM public").format(sql.Identifier(database))
            )
        connection.execute(
            "GRANT CONNECT ON DATABASE storekeeper TO "
            "storekeeper_app, storekeeper_listener, storekeeper_reader, storekeeper_report"
        )
        # Loads stage rows in temporary tables.
        connection.execute("GRANT TEMPORARY ON DATABASE storekeeper TO storekeeper_app")
    # Rights on functions are a database's own.
    with psycopg.connect(superuser_url, dbname="storekeeper") as connection:
        connection.execute(statement("roles/storekeeper_report"))


def main() -> None:
    passwords = {f"storekeeper_{name}": os.environ[f"STOREKEEPER_{name.upper()}_PASSWORD"] for name in ROLES} | {
        "airflow": os.environ["AIRFLOW_DB_PASSWORD"]
    }
    databases = {"airflow": "airflow", "storekeeper": "storekeeper_owner"}
    bootstrap(os.environ["STOREKEEPER_SUPERUSER_DB_URL"], passwords, databases)


if __name__ == "__main__":
    main()
