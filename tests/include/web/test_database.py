"""The web app's connections: opened late, closed, and away at times."""

import time

import psycopg
import pytest

from include.web import database as web_database
from stack.postgres import SUPERUSER
from tests.include.web.conftest import Web, storekeeper_app

SESSIONS = "FROM pg_stat_activity WHERE application_name = 'storekeeper-web' AND datname = current_database()"


def test_a_request_survives_a_restart_of_the_database(web: Web) -> None:
    viewer = web.login("viewer")
    assert viewer.get("/reports").status_code == 200

    with psycopg.connect(web.database.url(SUPERUSER), autocommit=True) as admin:
        admin.execute(f"SELECT pg_terminate_backend(pid) {SESSIONS}")

    assert viewer.get("/reports").status_code == 200


def test_a_database_that_is_away_is_told_and_not_a_failure_of_ours(web: Web) -> None:
    with psycopg.connect(web.database.server.url("postgres", SUPERUSER), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {web.database.name} ALLOW_CONNECTIONS false")
        answer = web.client.get(f"{web.api}/health")
        admin.execute(f"ALTER DATABASE {web.database.name} ALLOW_CONNECTIONS true")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert web.database.name not in answer.text
    assert web.client.get(f"{web.api}/health").status_code == 200


def test_connections_are_opened_late_and_given_back_at_the_end(web: Web) -> None:
    with psycopg.connect(web.database.url(SUPERUSER), autocommit=True) as admin:
        assert admin.execute(f"SELECT {SESSIONS}").fetchall() == []

        assert web.login("viewer").get("/reports").status_code == 200
        assert admin.execute(f"SELECT {SESSIONS}").fetchall() != []

        storekeeper_app(web.airflow_app).state.database.close()
        deadline = time.monotonic() + 5
        while admin.execute(f"SELECT {SESSIONS}").fetchall():
            assert time.monotonic() < deadline


def test_what_fails_within_a_request_leaves_nothing_behind(web: Web) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_a_block(storekeeper_app(web.airflow_app).state.database)

    with web.database.connect() as connection:
        assert connection.execute("SELECT count(*) FROM reports.change").fetchone() == (0,)


def _fail_after_a_block(database: web_database.Database) -> None:
    with database.connection() as connection:
        # If it were the outermost, it would commit.
        with connection.transaction():
            connection.execute(
                "INSERT INTO reports.change (changed_by, action, kind, object_id) VALUES ('op', 'created', 'report', 1)"
            )
        raise ZeroDivisionError
