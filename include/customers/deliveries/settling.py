"""Decides what becomes of a file that was received: loaded, repeated or quarantined."""

import logging
import traceback
from datetime import date, timedelta
from pathlib import Path

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Json

from include.config.partner import Kind, Partner
from include.customers.deliveries.files import FILE, PartnerFile, content_path, get_file
from include.customers.deliveries.folder import ContentGoneError
from include.customers.deliveries.loading import load
from include.customers.deliveries.postgres import PostgresEngine
from include.customers.deliveries.quarantine import quarantine
from include.customers.deliveries.receiving import MEGABYTE, byte_limit
from include.customers.intake import Intake, QuarantineError, open_file

# A day that is longer ago is a mistake.
OLDEST = timedelta(days=3660)

log = logging.getLogger(__name__)


def settle(connection: psycopg.Connection, partner: Partner, file: PartnerFile) -> PartnerFile:
    """Loads a file in place of what its day had; quarantines it, and tells people, when it cannot be.

    The caller commits. What is wrong with a file, even what makes us fail, becomes its reason, so that it stops no
    other.

    :raises OSError, psycopg.Error: what is wrong with the disk or the database, and no file's fault.
    :returns: the file as it is now.
    """
    intake: Intake | None = None
    try:
        kind, day = _told(partner, file)
        path = content_path(file)
        if loaded := _loaded_with(connection, file, kind, day):
            _repeat(connection, file, loaded)
        else:
            with connection.transaction():
                intake = open_file(path, kind, partner)
                _load(connection, file, intake, kind, day)
    except QuarantineError as error:
        quarantine(connection, partner, file, error.reason, intake, error.columns)
    except ContentGoneError as error:
        quarantine(connection, partner, file, f"{error}. Send it again.", intake)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, psycopg.Error) and not isinstance(error, psycopg.DataError):
            raise
        # Without the error's message, which may hold a customer's data.
        what = f"{type(error).__name__} at {_place(error)}"
        log.error("File %d cannot be read: %s", file.file_id, what)
        reason = (
            f"It holds something that Storekeeper does not expect: {what}. Look for a value that is out of all bounds "
            "and send the file without it; and tell who maintains Storekeeper."
        )
        quarantine(connection, partner, file, reason, intake)
    return get_file(connection, file.file_id)


def _told(partner: Partner, file: PartnerFile) -> tuple[Kind, date]:
    """Kind and day of a file that may be read.

    :raises QuarantineError: it may not.
    """
    example = "name it like customers_2026-11-20.csv or orders_2026-11-20.xml, or upload it on the page"
    if file.kind is None:
        raise QuarantineError(f"Its name does not tell whether it holds customers or orders: {example}.")
    if file.delivery_date is None:
        raise QuarantineError(f"Nothing tells which day it is of: {example}.")
    today = partner.business_date(file.received_at)
    if not today - OLDEST <= file.delivery_date <= today:
        raise QuarantineError(
            f"It came on {today} and is of {file.delivery_date}, which is no day whose records it can hold: {example}."
        )
    limit = byte_limit(partner, file.kind)
    if file.byte_count > limit:
        raise QuarantineError(
            f"It is larger than {limit // MEGABYTE} MB and was not read: send less at once, or raise the limit in "
            "partner.yaml and send it again."
        )
    return file.kind, file.delivery_date


def _loaded_with(connection: psycopg.Connection, file: PartnerFile, kind: Kind, day: date) -> PartnerFile | None:
    """The file of this day that holds now and has the same content.

    :raises QuarantineError: another day's has.
    """
    with connection.cursor(row_factory=class_row(PartnerFile)) as cursor:
        same = cursor.execute(
            FILE + "WHERE sha256 = %s AND kind = %s AND state = 'loaded' ORDER BY delivery_date", [file.sha256, kind]
        ).fetchall()
    for each in same:
        if each.delivery_date == day:
            return each
    for each in same:
        # Days without records have files that are alike.
        if each.row_count:
            raise QuarantineError(
                f"It has the same content as the file of {each.delivery_date} ({each.filename}). Send that of {day}. "
                f"If {each.delivery_date} has the wrong one, first send its own (one with nothing but its header "
                "empties the day)."
            )
    return None


def _repeat(connection: psycopg.Connection, file: PartnerFile, loaded: PartnerFile) -> None:
    connection.execute(
        "UPDATE partner.file SET state = 'repeated', reason = %s, settled_at = now() WHERE file_id = %s",
        [f"The same content was loaded already: {loaded.filename}, file {loaded.file_id}.", file.file_id],
    )


def _load(connection: psycopg.Connection, file: PartnerFile, intake: Intake, kind: Kind, day: date) -> None:
    loaded = load(PostgresEngine(connection), intake, kind, delivery_date=day, file_id=file.file_id)
    connection.execute(
        "UPDATE partner.file SET state = 'replaced' WHERE delivery_date = %s AND kind = %s AND state = 'loaded'",
        [day, kind],
    )
    connection.execute(
        """
        UPDATE partner.file
        SET state = 'loaded', settled_at = now(), format = %(format)s, encoding = %(encoding)s,
            columns = %(columns)s, row_count = %(row_count)s, taken_count = %(taken_count)s,
            rejected_count = %(rejected_count)s, late_count = %(late_count)s, problem_counts = %(problem_counts)s
        WHERE file_id = %(file_id)s
        """,
        {
            "file_id": file.file_id,
            "format": intake.format,
            "encoding": intake.encoding,
            "columns": Json(intake.columns),
            "row_count": loaded.row_count,
            "taken_count": loaded.taken_count,
            "rejected_count": loaded.rejected_count,
            "late_count": loaded.late_count,
            "problem_counts": Json(loaded.problem_counts),
        },
    )


def _place(error: Exception) -> str:
    """Where in our code it came up."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
