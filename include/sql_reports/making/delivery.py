"""A report's mail: how many rows, the first of them to look at, and the files if they are small enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from include.mail.outbox import enqueue
from include.mail.render import day, render
from include.report_runs import File, Run, notify
from include.report_runs.attachments import are_attached, attachments
from include.report_runs.links import run_url
from include.sql_reports.definitions.definition import Definition
from include.sql_reports.making.checking import Breach
from include.sql_reports.query.parameters import Value

# A table of so many columns fits a telephone; of more, each row stands by itself.
TABLE_COLUMNS = 3
TABLE_ROWS = 10
LONG_ROWS = 5
LONGEST_CELL = 80
MOST_CELLS = 12


@dataclass(frozen=True)
class Extract:
    """What a mail shows of a report, or of one location's part of it. `rows` are the first ones."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    row_count: int


@dataclass(frozen=True)
class Occasion:
    """What all mails of one run have in common. `at`: when it was due."""

    run: Run
    definition: Definition
    values: Mapping[str, Value]
    at: datetime
    warnings: Sequence[Breach]
    asked_by: str


def send(
    connection: psycopg.Connection,
    occasion: Occasion,
    extract: Extract,
    files: Sequence[File],
    recipients: Sequence[str],
    location_name: str | None = None,
) -> UUID | None:
    """Writes the mail to the outbox, once for a run and a location; the caller commits.

    :param location_name: whose part it is; None: the whole report.
    """
    definition, run = occasion.definition, occasion.run
    timezone = ZoneInfo(definition.timezone)
    title = f"{definition.name}, {location_name}" if location_name else definition.name
    count = f"{extract.row_count:,} row{'' if extract.row_count == 1 else 's'}"
    subject = f"{title}, {day(occasion.at.astimezone(timezone).date())}: {count}"
    is_attached = are_attached(files)
    rows = extract.rows[: TABLE_ROWS if len(extract.columns) <= TABLE_COLUMNS else LONG_ROWS]
    cells = [[_text(cell, timezone) for cell in row] for row in rows]
    facts = [list(zip(extract.columns, row, strict=True))[:MOST_CELLS] for row in cells]
    is_table = len(extract.columns) <= TABLE_COLUMNS
    mail = render(
        "sql_report",
        subject=subject,
        title=definition.name,
        location_name=location_name,
        description=definition.description,
        at=occasion.at,
        timezone=definition.timezone,
        warnings=occasion.warnings,
        row_count=extract.row_count,
        parameters=_parameters(occasion, timezone),
        columns=list(zip(extract.columns, _alignments(extract), strict=True)),
        rows=cells if is_table else facts,
        text_rows=facts,
        is_attached=is_attached,
        size=f"{sum(file.byte_count for file in files) / 1_000_000:,.0f} MB",
        url=run_url(run.run_id),
        owner=definition.owner,
    )
    message_id = enqueue(
        connection,
        dedupe_key=f"report_run/{run.run_id}/{location_name or ''}",
        recipients=recipients,
        subject=subject,
        html=mail.html,
        text=mail.text,
        attachments=attachments(files) if is_attached else [],
    )
    if message_id:
        notify(connection, run.run_id, "report", message_id, recipients, occasion.asked_by)
    return message_id


def _parameters(occasion: Occasion, timezone: ZoneInfo) -> list[tuple[str, str]]:
    labels = {parameter.name: parameter.label or parameter.name for parameter in occasion.definition.parameters}
    return [(labels[name], _text(value, timezone)) for name, value in occasion.values.items() if value is not None]


def _alignments(extract: Extract) -> list[str]:
    return ["right" if all(map(_is_number, column)) else "left" for column in zip(*extract.rows, strict=True)] or [
        "left" for _ in extract.columns
    ]


def _is_number(cell: Any) -> bool:
    return cell is None or (isinstance(cell, int | float | Decimal) and not isinstance(cell, bool))


def _text(cell: Any, timezone: ZoneInfo) -> str:
    match cell:
        case None:
            return "–"  # noqa: RUF001 (a dash for people)
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return f"{cell.astimezone(timezone) if cell.tzinfo else cell:%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case list():
            return ", ".join(_text(each, timezone) for each in cell)
    text = str(cell)
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
