"""Reports, runs, mails and standing orders for pages to show, made through the code that makes them in earnest."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg

from include.mail.outbox import Attachment, enqueue
from include.report_runs import add_file, ask, begin, fail, finish, notify, run_folder, skip
from include.sql_reports.definitions.standing_orders import create_order
from include.sql_reports.definitions.store import create_report
from tests.include.sql_reports.reports import definition, order
from tests.include.web.conftest import Web

SHEET = "https://docs.google.com/spreadsheets/d/1abc/edit"


DAYS = """SELECT day::date AS day, to_char(day, 'Day') AS weekday
FROM generate_series(date '2026-01-01', date '2026-12-31', interval '1 day') AS day
"""


def make_report(connection: psycopg.Connection, **values: Any) -> int:
    return create_report(connection, definition(**{"name": "Days", "sql": DAYS} | values), "admin").report_id


def ask_run(connection: psycopg.Connection, report_id: int | None = None, **values: Any) -> int:
    """A run that waits, of a report or of products sold."""
    dag_id = "report_run" if report_id else "products_sold_report"
    title = values.pop("title", "Days" if report_id else "Products sold")
    conf = values.pop("conf", {"report": report_id} if report_id else {"period": "last month", "markets": ["Pacific"]})
    dag_run_id = values.pop("dag_run_id", f"{dag_id}__{title}-{values}")
    asked_by = values.pop("asked_by", "user")
    return ask(
        connection,
        dag_id=dag_id,
        dag_run_id=dag_run_id,
        title=title,
        asked_by=asked_by,
        conf=conf,
        report_id=report_id,
        **values,
    )


def start(connection: psycopg.Connection, run_id: int) -> None:
    row = connection.execute(
        "SELECT dag_id, dag_run_id, title, report_id FROM reports.report_run WHERE run_id = %s", [run_id]
    ).fetchone()
    assert row is not None
    dag_run = SimpleNamespace(
        dag_id=row[0], run_id=row[1], conf=None, run_after=None, triggering_user_name=None, run_type="manual"
    )
    begin(connection, {"dag_run": dag_run}, title=row[2], report_id=row[3])


def put_file(connection: psycopg.Connection, run_id: int, name: str, content: bytes, **values: Any) -> int:
    folder = run_folder(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    file: Path = folder / name
    file.write_bytes(content)
    return add_file(connection, run_id, file, format=file.suffix[1:], **values)


def write_mail(connection: psycopg.Connection, key: str, state: str = "sent", **values: Any) -> UUID:
    message_id = enqueue(
        connection,
        dedupe_key=key,
        recipients=values.get("recipients", ["owner@example.com"]),
        subject=values.get("subject", f"Mail {key}"),
        html=values.get("html", "<p style='color: green'>Seven pizzas</p>"),
        text="Seven pizzas",
        attachments=[Attachment("sold.csv", "text/csv", b"a,b")],
    )
    assert message_id is not None
    connection.execute(
        """
        UPDATE outbox.message
        SET state = %(state)s, last_error = %(error)s, attempt_count = 3,
            sent_at = CASE WHEN %(state)s = 'sent' THEN now() END
        WHERE message_id = %(message_id)s
        """,
        {"state": state, "error": values.get("error"), "message_id": message_id},
    )
    return message_id


def tell(connection: psycopg.Connection, run_id: int, kind: str, message_id: UUID) -> None:
    notify(connection, run_id, kind, message_id, ["owner@example.com"], "schedule")


def fill(web: Web) -> dict[str, int]:
    """A little of everything; the ids by what they are."""
    made: dict[str, int] = {}
    with web.database.connect() as connection:
        made["report"] = make_report(
            connection,
            name="Days of a month",
            sql=f"{DAYS}WHERE day >= :first_day AND trim(to_char(day, 'Day')) = ANY(:weekdays)",
            parameters=[
                {"name": "first_day", "type": "date", "label": "From", "default": "start of last month"},
                {"name": "weekdays", "type": "text_list", "default": ["Monday"], "allowed": ["Monday", "Friday"]},
            ],
            cron="0 6 * * 1",
            recipients=["manager@example.com"],
            rules=[{"kind": "row_count", "minimum": 1, "on_breach": "withhold"}],
            formats=["csv", "xlsx"],
        )
        made["plain"] = make_report(connection)
        make_report(connection, name="Paused", is_active=False, cron="0 7 * * *")
        for number in range(6):
            run_id = ask_run(connection, made["report"], title="Days of a month", dag_run_id=f"x{number}")
            start(connection, run_id)
            file_id = put_file(connection, run_id, "days.csv", b"day\n2026-11-02\n")
            finish(connection, run_id, row_count=20 + number * number % 7)
        made |= {"file": file_id, "done": run_id}
        tell(connection, run_id, "report", write_mail(connection, "sent", subject="Days of a month"))
        made["failed"] = ask_run(connection, made["plain"])
        start(connection, made["failed"])
        fail(connection, made["failed"], "line 2, column 6: column dya does not exist")
        made["withheld"] = ask_run(connection, made["report"], title="Days of a month")
        start(connection, made["withheld"])
        broken = {"rule": "row count at least 1", "message": "There are 0 rows, fewer than 1", "on_breach": "withhold"}
        finish(connection, made["withheld"], row_count=0, breaches=[broken])
        tell(connection, made["withheld"], "breach", write_mail(connection, "breach"))
        made["skipped"] = ask_run(connection, made["plain"], dag_run_id="skipped")
        skip(connection, made["skipped"], "no rows")
        made["sheet"] = ask_run(connection)
        start(connection, made["sheet"])
        finish(connection, made["sheet"], row_count=143, sheet_url=SHEET)
        made["order"] = create_order(
            connection,
            order(
                name="Products sold last week, Pacific",
                params={"period": "last week", "markets": ["Pacific"]},
                timezone="America/Los_Angeles",
            ),
            "admin",
        ).standing_order_id
        write_mail(connection, "dead", "dead", error="550 5.1.1 no such user", subject="Restock <now>")
        write_mail(connection, "late", "new", error="connection lost: TimeoutError")
    return made
