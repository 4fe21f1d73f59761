"""Of which days an edition is to be made, judged by what is there and not by what a run has changed: a run that broke
off leaves nothing behind that the next would not see."""

from dataclasses import dataclass
from datetime import date, timedelta

import psycopg

# A day that was never reported is only while it is news, and with the first edition ever only the newest: whoever hands
# in years of files does not ask for a workbook of each. A day that was is corrected whenever its files are.
NEWS_DAYS = 7


@dataclass(frozen=True)
class Files:
    """The files whose records a delivery day has now; None: none of that kind."""

    customers_file_id: int | None
    orders_file_id: int | None


def files_of_day(connection: psycopg.Connection, day: date) -> Files:
    loaded: dict[str, int] = dict(
        connection.execute(
            "SELECT kind, file_id FROM partner.file WHERE delivery_date = %s AND state = 'loaded'", [day]
        ).fetchall()
    )
    return Files(loaded.get("customers"), loaded.get("orders"))


def files_reported(connection: psycopg.Connection, day: date) -> Files | None:
    """Those of the newest edition from the partner's files; None: there is no edition."""
    row = connection.execute(
        """
        SELECT customers_file_id, orders_file_id
        FROM partner.edition
        WHERE source = 'partner' AND business_date = %s
        ORDER BY edition_id DESC
        LIMIT 1
        """,
        [day],
    ).fetchone()
    return None if row is None else Files(*row)


def days_to_report(connection: psycopg.Connection, today: date) -> list[date]:
    """The days whose two files are there and not what the newest edition was made of, the oldest first.

    :param today: the partner's business day.
    """
    rows = connection.execute(
        """
        WITH
        -- one row per day of which both files are there
        day AS (
            SELECT delivery_date,
                max(file_id) FILTER (WHERE kind = 'customers') AS customers_file_id,
                max(file_id) FILTER (WHERE kind = 'orders') AS orders_file_id
            FROM partner.file
            WHERE state = 'loaded'
            GROUP BY delivery_date
            HAVING count(*) = 2
        ),
        -- one row per day that was reported
        newest AS (
            SELECT DISTINCT ON (business_date) business_date, customers_file_id, orders_file_id
            FROM partner.edition
            WHERE source = 'partner'
            ORDER BY business_date, edition_id DESC
        ),
        beginning AS (
            SELECT coalesce(
                (SELECT min(business_date) FROM newest),
                (SELECT max(delivery_date) FROM day WHERE delivery_date <= %(today)s)
            ) AS first_date
        )
        SELECT day.delivery_date
        FROM day
        CROSS JOIN beginning
        LEFT JOIN newest ON newest.business_date = day.delivery_date
        WHERE (newest.customers_file_id, newest.orders_file_id)
                IS DISTINCT FROM (day.customers_file_id, day.orders_file_id)
            AND (
                newest.business_date IS NOT NULL
                OR day.delivery_date BETWEEN greatest(%(first)s::date, beginning.first_date) AND %(today)s
            )
        ORDER BY day.delivery_date
        """,
        {"first": today - timedelta(days=NEWS_DAYS), "today": today},
    ).fetchall()
    return [day for (day,) in rows]


def has_begun(connection: psycopg.Connection) -> bool:
    """Whether the partner has ever sent a file: before that none is missed."""
    [(has_begun,)] = connection.execute(
        "SELECT EXISTS (SELECT FROM partner.file WHERE state IN ('loaded', 'replaced'))"
    ).fetchall()
    return bool(has_begun)
