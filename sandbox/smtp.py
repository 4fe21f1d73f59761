"""The mail server: takes every mail and keeps it. No mail leaves it, and it speaks no STARTTLS: it listens on loopback.

Faults (`sandbox.faults`) strike the method `SMTP` at the paths `/smtp/mail`, `/smtp/rcpt/<address>` and `/smtp/data`; a
path is a prefix, so that `/smtp/rcpt/bob@` means Bob's addresses. `status` is the SMTP code, `lost_reply` drops the
connection without an answer, at the data step after keeping the mail. SANDBOX_SMTP_PASSWORD, if set, has to be given by
AUTH with any login.
"""

# ruff: noqa: N802

import asyncio
import json
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hmac import compare_digest
from typing import cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sandbox.state import State

LARGEST_MAIL = 32 * 1024 * 1024
TABLES = """
    CREATE TABLE IF NOT EXISTS smtp_mail (
        mail_id     INTEGER PRIMARY KEY,
        received_at TEXT NOT NULL,
        sender      TEXT NOT NULL,
        recipients  TEXT NOT NULL,
        raw         BLOB NOT NULL
    );
"""


@asynccontextmanager
async def serve(state: State) -> AsyncIterator[None]:
    """Listens on 127.0.0.1 at the settings' port as long as the context is open."""
    state.create_tables(TABLES)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _protocol(state, loop), "127.0.0.1", state.settings.smtp_port)
    try:
        yield
    finally:
        server.close()


class Sink:
    """aiosmtpd's hooks, which it calls by these names."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refused := await self.struck(server, "mail"):
            return refused
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if refused := await self.struck(server, f"rcpt/{address}"):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if refused := await self.struck(server, "data", before_drop=envelope):
            return refused
        return f"250 OK: kept as {self.keep(envelope)}"

    async def struck(self, server: SMTP, step: str, before_drop: Envelope | None = None) -> str:
        """The refusal if a fault answers, empty if not. A lost reply ends the connection, after keeping the mail."""
        faults = self.state.faults.strike("SMTP", f"/smtp/{step}")
        await asyncio.sleep(sum(fault.latency_ms for fault in faults) / 1000)
        for fault in faults:
            if fault.status is not None:
                return f"{fault.status} refused at {step.partition('/')[0]} by a fault of the sandbox"
        if any(fault.lost_reply for fault in faults):
            if before_drop:
                self.keep(before_drop)
            cast(asyncio.Transport, server.transport).abort()
            return "421 dropped"
        return ""

    def keep(self, envelope: Envelope) -> int:
        now, recipients = datetime.now(UTC).isoformat(), json.dumps(envelope.rcpt_tos)
        with self.state.transaction() as db:
            added = db.execute(
                "INSERT INTO smtp_mail (received_at, sender, recipients, raw) VALUES (?, ?, ?, ?)",
                [now, envelope.mail_from or "", recipients, envelope.original_content],
            )
        return added.lastrowid or 0


def _protocol(state: State, loop: asyncio.AbstractEventLoop) -> SMTP:
    password = state.settings.smtp_password.encode()

    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        is_known = isinstance(data, LoginPassword) and compare_digest(data.password, password)
        return AuthResult(success=is_known, handled=False)

    with warnings.catch_warnings():
        # It warns of passwords without TLS: here they cross the loopback interface only.
        warnings.simplefilter("ignore", UserWarning)
        return SMTP(
            Sink(state),
            hostname="sandbox",
            loop=loop,
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            authenticator=authenticate,
            auth_required=bool(password),
            auth_require_tls=False,
        )
