"""A telephone whose calls the listener has written into the inbox."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import psycopg

MANHATTAN = "+12125550101"
MANHATTAN_CATERING = "+12125550102"
CHICAGO = "+13125550101"
DENVER = "+13035550101"
SANTA_MONICA = "+13105550101"


@dataclass
class Phone:
    """Writes as `storekeeper_listener` may; commits each call."""

    connection: psycopg.Connection
    numbers: count = field(default_factory=count)  # type: ignore[type-arg]

    def rings(self, at: datetime, outcome: str = "RANG_OUT", wait: float = 25, talk: float = 0, **facts: Any) -> None:
        """A call that ended at `at`."""
        number = next(self.numbers)
        row = {
            "feed": "ari",
            "call_id": f"1763733600.{number}",
            "outcome": outcome,
            "caller_number": f"+1646555{number:04}",
            "caller_name": None,
            "dialled_number": MANHATTAN,
            "department": None,
            "ring_seconds": wait,
            "wait_seconds": wait,
            "talk_seconds": talk,
            "legs_tried": 1,
            "started_at": at - timedelta(seconds=wait + talk),
            "answered_at": at - timedelta(seconds=talk) if outcome == "ANSWERED" else None,
            "ended_at": at,
        } | facts
        self.connection.execute(
            """
            INSERT INTO inbox.call (
                feed, call_id, outcome, caller_number, caller_name, dialled_number, department, ring_seconds,
                wait_seconds, talk_seconds, legs_tried, started_at, answered_at, ended_at
            )
            VALUES (
                %(feed)s, %(call_id)s, %(outcome)s, %(caller_number)s, %(caller_name)s, %(dialled_number)s,
                %(department)s, %(ring_seconds)s, %(wait_seconds)s, %(talk_seconds)s, %(legs_tried)s, %(started_at)s,
                %(answered_at)s, %(ended_at)s
            )
            ON CONFLICT DO NOTHING
            """,
            row,
        )
        self.connection.commit()

    def loses_its_feed(self, begin_at: datetime, end_at: datetime | None, feed: str = "ari") -> None:
        for ended_at in {None, end_at}:
            self.connection.execute(
                """
                INSERT INTO inbox.call_feed_gap (gap_id, feed, started_at, ended_at, reason)
                VALUES (md5(%s)::uuid, %s, %s, %s, 'connection lost') ON CONFLICT DO NOTHING
                """,
                [str(begin_at), feed, begin_at, ended_at],
            )
        self.connection.commit()
