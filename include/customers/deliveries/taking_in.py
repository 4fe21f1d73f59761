"""Takes in all that has come: the task before the report."""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg.rows import class_row

from include.config.partner import Kind, Partner
from include.customers.deliveries.files import FILE, PartnerFile
from include.customers.deliveries.incoming import receive_folder
from include.customers.deliveries.settling import settle

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """A day of which files were loaded just now.

    :param kinds: of those files.
    :param is_complete: whether both the day's files are loaded, whenever that was.
    """

    delivery_date: date
    kinds: tuple[Kind, ...]
    is_complete: bool


def take_in(connect: Callable[[], psycopg.Connection], partner: Partner) -> list[Delivery]:
    """Receives what lies in the folder, and settles every file that was received, the oldest first.

    Each file in a transaction of its own, one at a time whoever else is at it: a crash leaves it as it came, to be
    settled the next time. A repeat finds nothing left to do.

    :returns: the days that have changed, in order. What was settled before a crash is not among them.
    """
    receive_folder(connect, partner)
    kinds: dict[date, set[Kind]] = defaultdict(set)
    while file := _settle_next(connect, partner):
        log.info("File %d, %s of %s: %s", file.file_id, file.kind, file.delivery_date, file.state)
        if file.state == "loaded" and file.kind and file.delivery_date:
            kinds[file.delivery_date].add(file.kind)
    with connect() as connection:
        complete = _complete_days(connection, list(kinds))
    return [Delivery(day, tuple(sorted(kinds[day])), day in complete) for day in sorted(kinds)]


def _settle_next(connect: Callable[[], psycopg.Connection], partner: Partner) -> PartnerFile | None:
    with connect() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('partner.file'))")
        with connection.cursor(row_factory=class_row(PartnerFile)) as cursor:
            file = cursor.execute(FILE + "WHERE state = 'received' ORDER BY file_id LIMIT 1").fetchone()
        return settle(connection, partner, file) if file else None


def _complete_days(connection: psycopg.Connection, days: list[date]) -> set[date]:
    rows = connection.execute(
        """
        SELECT delivery_date FROM partner.file
        WHERE state = 'loaded' AND delivery_date = ANY(%s)
        GROUP BY delivery_date
        HAVING count(*) = 2
        """,
        [days],
    ).fetchall()
    return {day for (day,) in rows}
