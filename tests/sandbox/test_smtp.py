import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox_process import Sandbox, running_sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=10) as client:
        yield client


def mail(subject: str = "Hello") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.com", "ana@example.com", subject
    message.set_content("Text")
    message.add_alternative("<b>HTML</b>", subtype="html")
    message.add_attachment(b"a,b\r\n", maintype="text", subtype="csv", filename="día.csv")
    return message


def mails(sandbox: Sandbox) -> list[dict[str, Any]]:
    return list(httpx.get(f"{sandbox.url}/sandbox/mails").json())


def test_a_mail_is_kept_as_it_came(client: smtplib.SMTP, sandbox: Sandbox) -> None:
    client.send_message(mail(), to_addrs=["ana@example.com", "hidden@example.com"])

    (kept,) = mails(sandbox)
    assert kept["subject"] == "Hello"
    assert kept["recipients"] == ["ana@example.com", "hidden@example.com"]
    assert kept["text"] == "Text\r\n"
    assert kept["html"] == "<b>HTML</b>\r\n"
    assert kept["attachments"] == [{"filename": "día.csv", "content_type": "text/csv", "size": 5}]
    raw = httpx.get(f"{sandbox.url}/sandbox/mails/{kept['id']}/raw").content
    assert raw.startswith(b"From: shop@example.com\r\n")


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("mail", smtplib.SMTPSenderRefused),
        ("rcpt/ana@", smtplib.SMTPRecipientsRefused),
        ("data", smtplib.SMTPDataError),
    ],
)
def test_a_fault_refuses_the_next_mails_at_its_step(
    client: smtplib.SMTP, sandbox: Sandbox, step: str, error: type[Exception]
) -> None:
    sandbox.set_fault(method="SMTP", path=f"/smtp/{step}", status=451, times=2)
    for _ in range(2):
        with pytest.raises(error):
            client.send_message(mail())
    client.send_message(mail())
    assert len(mails(sandbox)) == 1


def test_a_fault_refuses_only_the_addresses_that_match(client: smtplib.SMTP, sandbox: Sandbox) -> None:
    sandbox.set_fault(method="SMTP", path="/smtp/rcpt/gone@", status=550)
    refused = client.send_message(mail(), to_addrs=["ana@example.com", "gone@example.com"])
    assert {address: code for address, (code, _) in refused.items()} == {"gone@example.com": 550}
    assert mails(sandbox)[0]["recipients"] == ["ana@example.com"]


def test_a_lost_reply_keeps_the_mail_and_drops_the_connection(sandbox: Sandbox) -> None:
    sandbox.set_fault(method="SMTP", path="/smtp/data", lost_reply=True, times=1)
    client = smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=10)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        client.send_message(mail())
    client.close()
    assert len(mails(sandbox)) == 1


def test_mails_survive_a_restart(tmp_path: Path) -> None:
    with (
        running_sandbox(tmp_path / "state") as first,
        smtplib.SMTP("127.0.0.1", first.smtp_port, timeout=10) as client,
    ):
        client.send_message(mail("Before"))
    with running_sandbox(tmp_path / "state") as second:
        assert [kept["subject"] for kept in mails(second)] == ["Before"]


def test_a_password_is_asked_for_if_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_SMTP_PASSWORD", "s3cret")
    with (
        running_sandbox(tmp_path / "state") as guarded,
        smtplib.SMTP("127.0.0.1", guarded.smtp_port, timeout=10) as client,
    ):
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.send_message(mail())
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("me", "wrong")
        client.login("me", "s3cret")
        client.send_message(mail())
        assert len(mails(guarded)) == 1
