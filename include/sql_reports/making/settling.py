"""What comes of a report that is made: its files on record, its outcome, and who is told."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from include.report_runs import Run, add_file, files_of, finish
from include.sql_reports.definitions.store import Report
from include.sql_reports.making.delivery import Extract, Occasion, send
from include.sql_reports.making.owners import tell_owner
from include.sql_reports.making.report import Made
from include.sql_reports.making.request import Request


def settle(
    connection: psycopg.Connection,
    run: Run,
    report: Report,
    request: Request,
    made: Made,
    parameters: Mapping[str, Any],
) -> str | None:
    """Writes it all down in the caller's transaction.

    :param parameters: as they were resolved.
    :returns: what people should know of the run besides its figures.
    """
    for piece in made.pieces:
        for format_name, file in piece.files.items():
            add_file(connection, run.run_id, file, format=format_name, location_name=piece.location_name)
    silence = _silence(connection, run, report, request, made)
    if silence is None:
        _mail(connection, run, report, request, made)
    note = silence or _unknown(made)
    finish(
        connection,
        run.run_id,
        row_count=made.result.row_count,
        note=note,
        digest=made.result.digest,
        breaches=[breach.as_json() for breach in made.breaches],
    )
    connection.execute(
        "UPDATE reports.report_run SET parameters = %s WHERE run_id = %s", [Jsonb(dict(parameters)), run.run_id]
    )
    if made.breaches:
        tell_owner(connection, report.report_id)
    return note


def _silence(connection: psycopg.Connection, run: Run, report: Report, request: Request, made: Made) -> str | None:
    """Why nobody is mailed; None: they are."""
    for breach in made.breaches:
        if breach.on_breach == "withhold":
            return f"withheld: {breach.rule}: {breach.message}"
    if not request.is_mailed:
        return "not mailed, as asked"
    # Who asks wants an answer: only what comes by itself may stay away.
    if report.definition.is_sent_only_if_changed and run.due_at is not None:
        return _unchanged(connection, run, report, made.result.digest)
    return None


def _unchanged(connection: psycopg.Connection, run: Run, report: Report, digest: str) -> str | None:
    """Held against the last run that was mailed: what people have in hand."""
    last = connection.execute(
        """
        SELECT run_id, digest
        FROM reports.report_run AS run
        WHERE report_id = %s AND run_id < %s AND state = 'success' AND due_at IS NOT NULL
            AND EXISTS (SELECT FROM reports.notification_log AS told WHERE told.run_id = run.run_id AND kind = 'report')
        ORDER BY run_id DESC
        LIMIT 1
        """,
        [report.report_id, run.run_id],
    ).fetchone()
    if last is None or last[1] != digest:
        return None
    return f"not mailed: unchanged since run {last[0]}"


def _mail(connection: psycopg.Connection, run: Run, report: Report, request: Request, made: Made) -> None:
    occasion = Occasion(run, report.definition, made.values, made.at, made.breaches, run.asked_by)
    files = files_of(connection, run.run_id)
    for piece in made.pieces:
        if piece.location_name is None:
            recipients = request.recipients or report.definition.recipients
        else:
            recipients = made.recipients[piece.location_name]
        if recipients:
            send(
                connection,
                occasion,
                Extract([column.name for column in made.result.columns], piece.first_rows.first, piece.row_count),
                [file for file in files if file.location_name == piece.location_name],
                recipients,
                piece.location_name,
            )


def _unknown(made: Made) -> str | None:
    if not made.other_names:
        return None
    shown = ", ".join(name or "no location" for name in made.other_names[:5])
    more = f" and {len(made.other_names) - 5} more" if len(made.other_names) > 5 else ""
    return f"nobody to send the rows of {shown}{more} to: see recipients in locations.yaml"
