"""Trying SQL out: what may be run, which columns it brings, its first rows."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest

from tests.include.web.conftest import Web


@pytest.fixture(scope="module")
def web(module_web: Web) -> Web:
    return module_web


def test_it_tells_the_columns(web: Web) -> None:
    draft = {
        "sql": "SELECT 1 AS one, 'x' AS letter, :day::date AS day",
        "parameters": [{"name": "day", "type": "date"}],
    }

    answer = web.login("op").post("/reports/validate", json=draft)

    assert answer.status_code == 200, answer.text
    assert answer.json()["columns"] == [
        {"name": "one", "type": "int4", "kind": "integer"},
        {"name": "letter", "type": "text", "kind": "text"},
        {"name": "day", "type": "date", "kind": "date"},
    ]


def test_what_may_not_be_run_is_refused_with_its_place(web: Web) -> None:
    client = web.login("op")
    for sql, line, column, words in [
        ("SELECT 1;\nDELETE FROM reports.report", 2, 1, "one statement"),
        ("SELECT nothing\nFROM calendar", 1, 8, "nothing"),
        ("SELECT pg_sleep(1)", 1, 8, "pg_sleep"),
        ("SELECT 1\nFROM nowhere", 2, 6, "nowhere"),
    ]:
        for route in ("/reports/validate", "/reports/preview"):
            answer = client.post(route, json={"sql": sql})

            assert answer.status_code == 422
            (error,) = answer.json()["errors"]
            assert (error["field"], error["line"], error["column"]) == ("sql", line, column)
            assert words in error["message"]


def test_it_shows_the_first_rows_with_exact_numbers(web: Web) -> None:
    draft = {
        "sql": "SELECT n, n / 3.0 AS third, NULL AS nothing FROM generate_series(1, :many) AS n",
        "parameters": [{"name": "many", "type": "integer", "default": 3}],
    }
    client = web.login("op")

    few = client.post("/reports/preview", json=draft).json()
    many = client.post("/reports/preview", json=draft | {"values": {"many": 1000}}).json()

    assert few["rows"][0] == [1, "0.33333333333333333333", None]
    assert (len(few["rows"]), few["is_cut"]) == (3, False)
    assert (len(many["rows"]), many["is_cut"]) == (50, True)


def test_a_wrong_value_is_named(web: Web) -> None:
    draft = {"sql": "SELECT :many AS n", "parameters": [{"name": "many", "type": "integer"}], "values": {"many": "ten"}}

    answer = web.login("op").post("/reports/preview", json=draft)

    (error,) = answer.json()["errors"]
    assert error["field"] == "parameters.many"
    assert "no whole number" in error["message"]


def test_slow_previews_leave_the_server_to_others(web: Web) -> None:
    clients = [web.login(login) for login in ("op", "admin", "op", "admin", "op", "admin")]
    reader = web.login("viewer")

    with web.database.connect("storekeeper_owner") as owner, ThreadPoolExecutor(len(clients)) as pool:
        # They take as long as this is held.
        owner.execute("LOCK TABLE reporting.calendar IN ACCESS EXCLUSIVE MODE")
        answers = [
            pool.submit(client.post, "/reports/preview", json={"sql": "SELECT date FROM calendar"})
            for client in clients
        ]
        refused = [answer.result().status_code for answer in islice(as_completed(answers, timeout=30), 2)]
        meanwhile = reader.get("/reports").status_code
        still_tried = sum(not answer.done() for answer in answers)
        owner.rollback()
        shown = [answer.result().status_code for answer in answers]

    # Two of each person are tried.
    assert refused == [429, 429]
    assert (meanwhile, still_tried) == (200, 4)
    assert Counter(shown) == {200: 4, 429: 2}
