"""Brings calls out of the inbox into `calls.call`. Operations hear once of each number that is nobody's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from include.calls.departments import Directory
from include.calls.placing import Facts, Placing, place
from include.inbox.claims import Row
from include.mail.outbox import enqueue
from include.mail.render import render

SQL = Path(__file__).parent / "sql"


def record(
    connection: psycopg.Connection, rows: Sequence[Row], *, directory: Directory, recipients: Sequence[str]
) -> None:
    """Writes rows of `inbox.call` to `calls.call`, in the caller's transaction.

    :param recipients: who hears of numbers that are nobody's.
    """
    placings = {row["call_key"]: place(directory, _facts(row)) for row in rows}
    _write(connection, "call", placings)
    _tell_of_unconfigured(
        connection, [key for key, placing in placings.items() if placing.location is None], recipients
    )


def adopt(connection: psycopg.Connection, directory: Directory) -> int:
    """Places the calls of numbers that have been configured since; returns how many."""
    with connection.cursor(row_factory=dict_row) as cursor:
        numbers = cursor.execute(
            "SELECT feed, dialled_number, phone_system_name FROM calls.unconfigured_number"
        ).fetchall()
    count = 0
    for number in numbers:
        if directory.of_call(number["dialled_number"], number["phone_system_name"]) is None:
            continue
        with connection.cursor(row_factory=dict_row) as cursor:
            calls = cursor.execute(
                """
                SELECT call_key, outcome, dialled_number, phone_system_name AS department, wait_seconds, started_at
                FROM calls.call
                WHERE location IS NULL AND feed = %(feed)s AND dialled_number IS NOT DISTINCT FROM %(dialled_number)s
                    AND phone_system_name IS NOT DISTINCT FROM %(phone_system_name)s
                """,
                number,
            ).fetchall()
        _write(connection, "adopted_call", {call["call_key"]: place(directory, _facts(call)) for call in calls})
        connection.execute(
            """
            DELETE FROM calls.unconfigured_number
            WHERE feed = %(feed)s AND dialled_number IS NOT DISTINCT FROM %(dialled_number)s
                AND phone_system_name IS NOT DISTINCT FROM %(phone_system_name)s
            """,
            number,
        )
        count += len(calls)
    return count


def _facts(row: Mapping[str, Any]) -> Facts:
    return Facts(
        outcome=row["outcome"],
        dialled_number=row["dialled_number"],
        department=row["department"],
        wait_seconds=row["wait_seconds"],
        started_at=row["started_at"],
    )


def _write(connection: psycopg.Connection, statement: str, placings: Mapping[int, Placing]) -> None:
    names = ("locations", "departments", "business_dates", "are_counted", "uncounted_becauses")
    columns: Iterable[Sequence[Any]] = zip(*map(astuple, placings.values()), strict=True)
    parameters = {"call_keys": list(placings)} | {
        name: list(column) for name, column in zip(names, columns, strict=True)
    }
    connection.execute((SQL / f"{statement}.sql").read_bytes(), parameters)


def _tell_of_unconfigured(connection: psycopg.Connection, call_keys: Sequence[int], recipients: Sequence[str]) -> None:
    with connection.cursor(row_factory=dict_row) as cursor:
        numbers = cursor.execute(
            """
            INSERT INTO calls.unconfigured_number (feed, dialled_number, phone_system_name, first_call_key)
            SELECT feed, dialled_number, phone_system_name, min(call_key)
            FROM calls.call
            WHERE call_key = ANY(%s)
            GROUP BY feed, dialled_number, phone_system_name
            ON CONFLICT (feed, dialled_number, phone_system_name) DO NOTHING
            RETURNING feed, dialled_number, phone_system_name, first_call_key
            """,
            [call_keys],
        ).fetchall()
    if not numbers:
        return
    first_call_key = min(number["first_call_key"] for number in numbers)
    rows = [
        (number["dialled_number"] or "none", number["phone_system_name"] or "none", number["feed"])
        for number in numbers
    ]
    mail = render("unconfigured_numbers", rows=rows)
    enqueue(
        connection,
        dedupe_key=f"unconfigured-numbers/{first_call_key}",
        recipients=recipients,
        subject=f"Calls come in by {'a number' if len(numbers) == 1 else f'{len(numbers)} numbers'} of no department",
        html=mail.html,
        text=mail.text,
    )
