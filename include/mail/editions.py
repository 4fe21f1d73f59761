"""Reports that are mailed again only when their figures have changed: what is run again, late or by backfill."""

from dataclasses import dataclass
from datetime import datetime

import psycopg


@dataclass(frozen=True)
class Edition:
    """:param corrects_at: when the edition before was written; None of the first."""

    dedupe_key: str
    corrects_at: datetime | None


def next_edition(connection: psycopg.Connection, report: str, digest: str) -> Edition | None:
    """The edition of a report that is to be mailed now; None when the newest one told the same.

    Figures that go back to those of an earlier edition are news too: the last mail that people hold is wrong then.

    :param report: names it, with its place and time, such as ``stock_report/Manhattan/2026-11-20/``.
    :param digest: equal for equal figures.
    """
    [(count, last_key, sent_at)] = connection.execute(
        """
        SELECT count(*)::integer, (array_agg(dedupe_key ORDER BY created_at DESC))[1], max(created_at)
        FROM outbox.message
        WHERE starts_with(dedupe_key, %s)
        """,
        [report],
    ).fetchall()
    if last_key is not None and last_key.endswith(digest):
        return None
    return Edition(f"{report}{count + 1}/{digest}", sent_at)
