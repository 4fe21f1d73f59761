"""Keeping the record of a run while it is made, by one task or by several.

Every function may be called again with the same result: a task that is run twice leaves one record and one row a file.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from airflow.sdk.exceptions import AirflowSkipException
from psycopg.types.json import Jsonb

from include.report_runs.files import outputs_folder
from include.report_runs.reading import get_run
from include.report_runs.runs import Run, State
from include.warehouse.connection import connect

LONGEST_ERROR = 1000


def begin(
    connection: psycopg.Connection,
    context: Mapping[str, Any],
    *,
    title: str,
    report_id: int | None = None,
    parameters: Mapping[str, Any] | None = None,
    sql: str | None = None,
    part: str = "",
) -> Run:
    """Sets the run of a task's DAG run running. One that nobody asked for through us gets its record now.

    :param context: the task's.
    :param title: says what was asked for, now that it is known; it replaces the one it was asked for under.
    :param parameters: what people see of the request; default: as asked for, else the DAG run's conf.
    :param sql: as it is about to be run.
    :param part: the task's own name among those that make the run, such as its location.
    """
    dag_run = context["dag_run"]
    conf = dag_run.conf or {}
    connection.execute(
        """
        INSERT INTO reports.report_run
            (dag_id, dag_run_id, report_id, title, asked_by, queued_at, conf, parameters)
        VALUES (%s, %s, %s, %s, %s, least(%s, now()), %s, %s)
        ON CONFLICT (dag_id, dag_run_id) DO NOTHING
        """,
        [
            dag_run.dag_id,
            dag_run.run_id,
            report_id,
            title,
            _asked_by(dag_run),
            dag_run.run_after,
            Jsonb(conf),
            Jsonb(dict(conf if parameters is None else parameters)),
        ],
    )
    [(run_id,)] = connection.execute(
        "SELECT run_id FROM reports.report_run WHERE dag_id = %s AND dag_run_id = %s", [dag_run.dag_id, dag_run.run_id]
    ).fetchall()
    run = _locked(connection, run_id)
    connection.execute(
        """
        UPDATE reports.report_run
        SET title = %(title)s, started_at = coalesce(started_at, now()), owner_told_at = NULL,
            note = CASE WHEN %(is_other_part)s THEN note END,
            attempt_count = attempt_count + CASE WHEN %(is_other_part)s THEN 0 ELSE 1 END,
            parameters = coalesce(%(parameters)s, parameters), sql = coalesce(%(sql)s, sql)
        WHERE run_id = %(run_id)s
        """,
        {
            "run_id": run_id,
            "title": title,
            # It belongs to the attempt that another part has begun.
            "is_other_part": bool(run.parts) and part not in run.parts,
            "parameters": None if parameters is None else Jsonb(dict(parameters)),
            "sql": sql,
        },
    )
    _set_part(connection, run, part, {"state": "running"}, part_count=None)
    return get_run(connection, run_id)


def finish(
    connection: psycopg.Connection,
    run_id: int,
    *,
    row_count: int | None = None,
    note: str | None = None,
    sheet_url: str | None = None,
    digest: str | None = None,
    breaches: Sequence[Mapping[str, Any]] | None = None,
    part: str = "",
    part_count: int = 1,
) -> None:
    """The run, or a part of it, has gone well; the caller commits.

    :param row_count: of this part; the run's is their sum.
    :param part_count: how many parts the run has: it has ended when all of them have.
    """
    run = _locked(connection, run_id)
    connection.execute(
        """
        UPDATE reports.report_run
        SET note = coalesce(%(note)s, note),
            sheet_url = coalesce(%(sheet_url)s, sheet_url),
            digest = coalesce(%(digest)s, digest),
            breaches = coalesce(%(breaches)s, breaches),
            byte_count = (SELECT sum(byte_count) FROM reports.report_file WHERE run_id = %(run_id)s)
        WHERE run_id = %(run_id)s
        """,
        {
            "run_id": run_id,
            "note": note,
            "sheet_url": sheet_url,
            "digest": digest,
            "breaches": None if breaches is None else Jsonb([dict(breach) for breach in breaches]),
        },
    )
    _set_part(connection, run, part, {"state": "success", "row_count": row_count}, part_count)


def skip(connection: psycopg.Connection, run_id: int, note: str, *, part: str = "", part_count: int = 1) -> None:
    """There was nothing to do, and why."""
    run = _locked(connection, run_id)
    connection.execute("UPDATE reports.report_run SET note = coalesce(note, %s) WHERE run_id = %s", [note, run_id])
    _set_part(connection, run, part, {"state": "skipped"}, part_count)


def fail(connection: psycopg.Connection, run_id: int, error: str, *, part: str = "", part_count: int = 1) -> None:
    """:param error: for people: what was wrong and where; without values of rows."""
    run = _locked(connection, run_id)
    _set_part(connection, run, part, {"state": "failed", "error": error[:LONGEST_ERROR]}, part_count)


def add_file(
    connection: psycopg.Connection,
    run_id: int,
    file: Path,
    *,
    format: str,  # noqa: A002 (the column's name)
    filename: str | None = None,
    location_name: str | None = None,
) -> int:
    """Records a file that lies below the outputs' folder; the caller commits.

    :param filename: what people see; default: the file's own.
    :returns: its id, the same when it is recorded again.
    """
    [(file_id,)] = connection.execute(
        """
        INSERT INTO reports.report_file (run_id, format, filename, path, byte_count, location_name)
        VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT (path) DO UPDATE
        SET byte_count = excluded.byte_count, filename = excluded.filename, created_at = now(), deleted_at = NULL
        RETURNING file_id
        """,
        [
            run_id,
            format,
            filename or file.name,
            str(file.resolve().relative_to(outputs_folder())),
            file.stat().st_size,
            location_name,
        ],
    ).fetchall()
    return int(file_id)


@dataclass(frozen=True)
class Recording:
    """A run that is under way, or this task's part of it."""

    run: Run
    part: str
    part_count: int

    @property
    def run_id(self) -> int:
        return self.run.run_id

    def add_file(self, connection: psycopg.Connection, file: Path, **details: Any) -> int:
        """As :func:`add_file`."""
        return add_file(connection, self.run_id, file, **details)

    def finish(self, connection: psycopg.Connection, **details: Any) -> None:
        """As :func:`finish`; without it the run ends well with what is known."""
        finish(connection, self.run_id, part=self.part, part_count=self.part_count, **details)


@contextmanager
def recorded(
    context: Mapping[str, Any],
    *,
    title: str,
    parameters: Mapping[str, Any] | None = None,
    part: str = "",
    part_count: int = 1,
) -> Iterator[Recording]:
    """The record of what is done within: running, then success, skipped (AirflowSkipException) or failed (any other).

    :param part: the task's own name among the ``part_count`` tasks that make the run together.
    """
    with connect() as connection:
        recording = Recording(
            begin(connection, context, title=title, parameters=parameters, part=part), part, part_count
        )
    try:
        yield recording
    except AirflowSkipException as why:
        with connect() as connection:
            skip(connection, recording.run_id, str(why), part=part, part_count=part_count)
        raise
    except BaseException as error:
        from include.mail.failure import describe

        with connect() as connection:
            fail(connection, recording.run_id, describe(error), part=part, part_count=part_count)
        raise
    with connect() as connection:
        if get_run(connection, recording.run_id).parts[part]["state"] == "running":
            recording.finish(connection)


def _locked(connection: psycopg.Connection, run_id: int) -> Run:
    """The run, for this transaction alone: its parts may be at work at the same time."""
    connection.execute("SELECT FROM reports.report_run WHERE run_id = %s FOR UPDATE", [run_id])
    return get_run(connection, run_id)


def _set_part(
    connection: psycopg.Connection, run: Run, part: str, came_to: Mapping[str, Any], part_count: int | None
) -> None:
    """Writes what a part has come to, and what that makes of the run.

    :param part_count: None: a part begins, the run has not ended.
    """
    parts: dict[str, Any] = {**run.parts, part: dict(came_to)}
    states = [each["state"] for each in parts.values()]
    has_ended = part_count is not None and len(parts) >= part_count and "running" not in states
    state: State = _ended(states) if has_ended else "running"
    errors = [f"{name}: {each['error']}" if name else each["error"] for name, each in parts.items() if "error" in each]
    counts = [each["row_count"] for each in parts.values() if each.get("row_count") is not None]
    connection.execute(
        """
        UPDATE reports.report_run
        SET parts = %(parts)s, state = %(state)s, error = %(error)s, row_count = %(row_count)s,
            finished_at = CASE WHEN %(has_ended)s THEN now() END
        WHERE run_id = %(run_id)s
        """,
        {
            "run_id": run.run_id,
            "parts": Jsonb(parts),
            "state": state,
            "error": "; ".join(errors)[:LONGEST_ERROR] or None,
            "row_count": sum(counts) if counts else None,
            "has_ended": has_ended,
        },
    )


def _ended(states: Sequence[str]) -> State:
    if "failed" in states:
        return "failed"
    return "success" if "success" in states else "skipped"


def _asked_by(dag_run: Any) -> str:
    return dag_run.triggering_user_name or ("schedule" if dag_run.run_type == "scheduled" else "airflow")
