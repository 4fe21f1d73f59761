"""The mail server that an Airflow connection names, and one connection to it for many mails."""

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

CONN_ID = "smtp_default"


class UnreachableError(Exception):
    """No connection to the mail server; the message names the server, the trouble and the remedy."""


@dataclass(frozen=True)
class SmtpServer:
    """:param sender: the From of every mail, with or without a name."""

    host: str
    port: int
    sender: str
    login: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = True
    is_starttls: bool = False
    # One command's answer. A mail takes few, so that it is through before the claim on its message lapses.
    timeout_seconds: float = 15


def smtp_server(conn_id: str = CONN_ID) -> SmtpServer:
    """Reads the connection as the SMTP provider's form writes it: TLS from the first byte unless ``disable_ssl``; then
    STARTTLS unless ``disable_tls``; ``from_email`` in the extra."""
    from airflow.sdk import BaseHook

    conn = BaseHook.get_connection(conn_id)
    extra: Mapping[str, Any] = conn.extra_dejson
    if not conn.host or "@" not in parseaddr(extra.get("from_email", ""))[1]:
        raise ValueError(
            f"Connection {conn_id} needs a host, and from_email in its extra: the address mails come from."
        )
    is_tls = not _is_set(extra, "disable_ssl")
    return SmtpServer(
        host=conn.host,
        port=conn.port or (465 if is_tls else 587),
        sender=extra["from_email"],
        login=conn.login or "",
        password=conn.password or "",
        is_tls=is_tls,
        is_starttls=not is_tls and not _is_set(extra, "disable_tls"),
    )


def _is_set(extra: Mapping[str, Any], name: str) -> bool:
    """Forms save booleans, settings files often text."""
    return str(extra.get(name, "")).lower() in ("true", "1", "yes")


class Mailer:
    """Connects when the first mail is to go, and again after the server hung up."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self.client: smtplib.SMTP | None = None

    def __enter__(self) -> "Mailer":
        return self

    def __exit__(self, *_: object) -> None:
        if self.client is not None:
            # Every mail has had its answer: how the server takes the goodbye changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                self.client.quit()
            self.client.close()

    def send(self, mail: EmailMessage, recipients: tuple[str, ...]) -> dict[str, tuple[int, bytes]]:
        """Returns the recipients that the server refused, each with its answer, when it took the mail for others.

        :raises UnreachableError: no connection could be made; nothing was sent.
        :raises smtplib.SMTPException, OSError: as smtplib says. After a lost connection nobody knows whether the server
            took the mail.
        """
        client = self._connected()
        try:
            # Not send_message: it writes ">From" where a line begins with "From".
            return client.sendmail(parseaddr(self.server.sender)[1], recipients, mail.as_bytes())
        except smtplib.SMTPResponseException:
            raise
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError):
            # Half an exchange may be left on this connection.
            client.close()
            raise

    def _connected(self) -> smtplib.SMTP:
        if self.client is not None and self.client.sock is not None:
            return self.client
        server = self.server
        try:
            if server.is_tls:
                context = ssl.create_default_context()
                client: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=server.timeout_seconds, context=context
                )
            else:
                client = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
            self.client = client
            if server.is_starttls:
                client.starttls(context=ssl.create_default_context())
            if server.login:
                client.login(server.login, server.password)
        except smtplib.SMTPAuthenticationError as error:
            raise UnreachableError(
                f"{server.host} refuses the login ({error.smtp_code}): see the connection {CONN_ID}"
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise UnreachableError(
                f"{server.host}:{server.port} gives no SMTP connection ({type(error).__name__}): "
                f"see host, port, disable_ssl and disable_tls of the connection {CONN_ID}"
            ) from error
        return client
