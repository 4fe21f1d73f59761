"""The hour has come at which yesterday's files are due."""

from datetime import date, timedelta

import psycopg

from include.config.partner import Kind, Partner
from include.customers.editions.days import Files, files_of_day, files_reported, has_begun
from include.customers.editions.messages import tell_missing


def look_for_missing(connection: psycopg.Connection, partner: Partner, today: date) -> set[date]:
    """Tells people, once, of files of yesterday that are not there; the caller commits.

    :returns: yesterday, if it is to be reported with what is there; nothing before the partner has sent a first file.
    """
    day = today - timedelta(days=1)
    if not has_begun(connection):
        return set()
    files = files_of_day(connection, day)
    there: dict[Kind, int | None] = {"customers": files.customers_file_id, "orders": files.orders_file_id}
    missing = [kind for kind, file_id in there.items() if file_id is None]
    if missing:
        tell_missing(connection, partner, day, missing, _quarantined(connection, day))
    return set() if _is_reported(connection, day, files) else {day}


def _is_reported(connection: psycopg.Connection, day: date, files: Files) -> bool:
    return files_reported(connection, day) == files


def _quarantined(connection: psycopg.Connection, day: date) -> list[Kind]:
    return [
        kind
        for (kind,) in connection.execute(
            "SELECT DISTINCT kind FROM partner.file WHERE delivery_date = %s AND state = 'quarantined'", [day]
        )
    ]
