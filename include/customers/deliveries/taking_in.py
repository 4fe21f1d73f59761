"""Takes in all that has come: the task before the report."""

import logging
from collections.abc import Callable

import psycopg
from psycopg.rows import class_row

from include.config.partner import Partner
from include.customers.deliveries.files import FILE, PartnerFile
from include.customers.deliveries.incoming import receive_folder
from include.customers.deliveries.settling import settle

log = logging.getLogger(__name__)


def take_in(connect: Callable[[], psycopg.Connection], partner: Partner) -> list[PartnerFile]:
    """Receives what lies in the folder, and settles every file that was received, the oldest first.

    Each file in a transaction of its own, one at a time whoever else is at it: a crash leaves it as it came, to be
    settled the next time. A repeat finds nothing left to do.

    :returns: the files that were settled, as they are now.
    """
    receive_folder(connect, partner)
    settled = []
    while file := _settle_next(connect, partner):
        log.info("File %d, %s of %s: %s", file.file_id, file.kind, file.delivery_date, file.state)
        settled.append(file)
    return settled


def _settle_next(connect: Callable[[], psycopg.Connection], partner: Partner) -> PartnerFile | None:
    with connect() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('partner.file'))")
        with connection.cursor(row_factory=class_row(PartnerFile)) as cursor:
            file = cursor.execute(FILE + "WHERE state = 'received' ORDER BY file_id LIMIT 1").fetchone()
        return settle(connection, partner, file) if file else None
