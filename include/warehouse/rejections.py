"""What could not be typed: kept with its reason, told to operations once, gone when a good version comes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape

import msgspec
import psycopg

from include.mail.outbox import enqueue
from include.warehouse.statements import statement

# A mail lists so many; the table holds them all.
LISTED_COUNT = 50


@dataclass(frozen=True)
class Rejection:
    """An object that stays out, and why."""

    object_id: str
    version: int
    reason: str
    body: bytes


def check_text(body: bytes) -> None:
    """
    :raises MalformedError: when Postgres could not hold a text of it.
    """
    if b"\\u0000" in body or b"\0" in body:
        raise MalformedError("a text holds the character NUL")
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise MalformedError(str(error)) from error


class MalformedError(Exception):
    """An object that cannot be typed; the message is the reason for people."""


def illegible(body: bytes, error: Exception) -> Rejection:
    """The rejection of an object whose key is not whole: by what can be read of it, else by a digest."""
    try:
        fields = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        fields = None
    fields = fields if isinstance(fields, dict) else {}
    object_id, version = fields.get("id"), fields.get("version")
    is_id = isinstance(object_id, str) and object_id and "\0" not in object_id
    return Rejection(
        str(object_id) if is_id else f"sha256:{sha256(body).hexdigest()}",
        version if isinstance(version, int) and 0 <= version < 2**31 else 0,
        str(error),
        body,
    )


def write_rejections(connection: psycopg.Connection, object_type: str, rejections: Iterable[Rejection]) -> None:
    """
    :param object_type: ``order``, ``catalog`` or ``customer``.
    """
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO bronze.rejected (object_type, object_id, version, reason, body) VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (object_type, object_id, version) DO NOTHING
            """,
            [
                (
                    object_type,
                    each.object_id,
                    each.version,
                    each.reason,
                    each.body.decode(errors="replace").replace("\0", "\ufffd"),
                )
                for each in rejections
            ],
        )
    connection.execute(statement("bronze/rejected"))


def announce_rejections(connection: psycopg.Connection, recipients: Sequence[str]) -> int:
    """Writes one mail about all that nobody was told of yet.

    :returns: how many there are in it.
    """
    rows = connection.execute(
        """
        UPDATE bronze.rejected SET announced_at = now() WHERE announced_at IS NULL
        RETURNING object_type, object_id, version, reason
        """
    ).fetchall()
    if not rows:
        return 0
    rows.sort()
    lines = [f"{kind} {object_id}, version {version}: {reason}" for kind, object_id, version, reason in rows]
    listed, more = lines[:LISTED_COUNT], len(lines) - LISTED_COUNT
    if more > 0:
        listed.append(f"… and {more} more")
    advice = (
        "Their last good version, if there is one, stays in the figures; the rest was loaded. Correct the object in "
        "Square: the next square_sync brings it, and it leaves bronze.rejected by itself."
    )
    enqueue(
        connection,
        dedupe_key=f"rejected:{sha256(repr(rows).encode()).hexdigest()}",
        recipients=recipients,
        subject=f"{len(rows)} of Square's objects could not be loaded",
        text="\n".join([*listed, "", advice]),
        html=f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in listed)}</ul><p>{advice}</p>",
    )
    return len(rows)
