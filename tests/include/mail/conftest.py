import email
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import psycopg
import pytest

from include.mail.outbox import enqueue
from include.mail.smtp import SmtpServer
from tests.sandbox_process import Sandbox


@pytest.fixture
def server(sandbox: Sandbox) -> SmtpServer:
    return SmtpServer("127.0.0.1", sandbox.smtp_port, "Storekeeper <reports@shop.example>", is_tls=False)


@pytest.fixture
def put(connection: psycopg.Connection) -> Callable[..., UUID]:
    """Writes one message and commits."""

    def put(key: str = "one", **wish: Any) -> UUID:
        message = {
            "recipients": ["ana@example.com"],
            "subject": f"Subject of {key}",
            "html": f"<p>{key}</p>",
            "text": f"{key}\n",
        } | wish
        message_id = enqueue(connection, dedupe_key=key, **message)
        connection.commit()
        assert message_id is not None
        return message_id

    return put


@pytest.fixture
def received(sandbox: Sandbox) -> Callable[[], list[EmailMessage]]:
    """The mails that arrived, the oldest first."""

    def received() -> list[EmailMessage]:
        ids = [mail["id"] for mail in sandbox.request("GET", "/sandbox/mails").json()]
        raws = [sandbox.request("GET", f"/sandbox/mails/{mail_id}/raw").content for mail_id in reversed(ids)]
        return [email.message_from_bytes(raw, policy=default) for raw in raws]

    return received
