"""Tells operations, once, of rows that were given up or came in illegible."""

from collections.abc import Sequence

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from include.inbox.claims import Inbox
from include.mail.outbox import enqueue
from include.mail.render import render

MOST_LISTED = 20


def announce(connection: psycopg.Connection, inbox: Inbox, recipients: Sequence[str]) -> int:
    """Writes one mail about all dead rows that no mail has told of, in the caller's transaction.

    :returns: how many they are.
    """
    statement = sql.SQL(
        """
        UPDATE {table} SET announced_at = now() WHERE state = 'dead' AND announced_at IS NULL
        RETURNING {key} AS key, received_at, announced_at, attempt_count, last_error
        """
    ).format(table=inbox.name, key=sql.Identifier(inbox.key))
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = sorted(cursor.execute(statement).fetchall(), key=lambda row: int(row["key"]))
    if not rows:
        return 0
    mail = render(
        "dead_letters", table=f"inbox.{inbox.table}", key=inbox.key, rows=rows[:MOST_LISTED], row_count=len(rows)
    )
    enqueue(
        connection,
        dedupe_key=f"dead-letters/{inbox.table}/{rows[0]['announced_at'].isoformat()}",
        recipients=recipients,
        subject=f"{len(rows)} {'row' if len(rows) == 1 else 'rows'} of inbox.{inbox.table} could not be worked on",
        html=mail.html,
        text=mail.text,
    )
    return len(rows)
