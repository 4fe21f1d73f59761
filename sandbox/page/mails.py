"""Received mails as the page shows them."""

import email
import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast
from urllib.parse import quote

from starlette.responses import Response

from sandbox.state import State

# A mail runs no script, loads nothing, and may style itself.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
PREVIEW = 140


@dataclass(frozen=True)
class Attachment:
    number: int
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """``recipients`` are those of the envelope; ``html`` and ``text`` are empty where the mail has no such part."""

    id: int
    received_at: datetime
    sender: str
    recipients: list[str]
    subject: str
    message_id: str
    html: str
    text: str
    attachments: list[Attachment]
    raw: bytes

    @property
    def preview(self) -> str:
        return " ".join(self.text.split())[:PREVIEW]

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "received_at": self.received_at.isoformat(),
            "sender": self.sender,
            "recipients": self.recipients,
            "subject": self.subject,
            "message_id": self.message_id,
            "text": self.text,
            "html": self.html,
            "attachments": [
                {"filename": one.filename, "content_type": one.content_type, "size": len(one.content)}
                for one in self.attachments
            ],
        }


def newest(state: State, most: int = -1) -> list[Mail]:
    """:param most: all if negative."""
    rows = state.db.execute("SELECT * FROM smtp_mail ORDER BY mail_id DESC LIMIT ?", [most])
    return [_mail(row) for row in rows]


def count(state: State) -> int:
    (number,) = state.db.execute("SELECT count(*) FROM smtp_mail").fetchone()
    return int(number)


def find(state: State, mail_id: int) -> Mail | None:
    row = state.db.execute("SELECT * FROM smtp_mail WHERE mail_id = ?", [mail_id]).fetchone()
    return _mail(row) if row else None


def html_response(mail: Mail) -> Response:
    headers = {"Content-Security-Policy": MAIL_POLICY, "X-Content-Type-Options": "nosniff"}
    if mail.html:
        return Response(mail.html, media_type="text/html", headers=headers)
    return Response(mail.text, media_type="text/plain", headers=headers)


def download(attachment: Attachment) -> Response:
    name = f"attachment; filename*=UTF-8''{quote(attachment.filename)}"
    headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff"}
    return Response(attachment.content, media_type="application/octet-stream", headers=headers)


def _mail(row: sqlite3.Row) -> Mail:
    message: EmailMessage = email.message_from_bytes(row["raw"], policy=default)
    return Mail(
        id=row["mail_id"],
        received_at=datetime.fromisoformat(row["received_at"]),
        sender=str(message["From"] or row["sender"]),
        recipients=json.loads(row["recipients"]),
        subject=str(message["Subject"] or "").strip(),
        message_id=str(message["Message-ID"] or ""),
        html=_body(message, "html"),
        text=_body(message, "plain"),
        attachments=[
            Attachment(
                number,
                part.get_filename() or f"attachment-{number}",
                part.get_content_type(),
                cast(bytes, part.get_payload(decode=True) or b""),
            )
            for number, part in enumerate(message.iter_attachments() if message.is_multipart() else (), start=1)
        ],
        raw=row["raw"],
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    content = cast(bytes, part.get_payload(decode=True) or b"")
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("latin-1")
