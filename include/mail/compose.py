"""A message of the outbox as the mail that goes over the wire."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr

from include.mail.queue import Message


def compose(message: Message, sender: str) -> EmailMessage:
    """Plain text with an HTML alternative and the attachments.

    The Message-ID is the outbox id, so that a mail that had to be sent twice is one mail for its reader's program.

    :param sender: an address, with or without a name.
    :raises ValueError: a header cannot be written, such as a subject of two lines.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = ", ".join(message.recipients)
    mail["Subject"] = message.subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{message.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    # Asks vacation responders to stay silent (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    for attachment in message.attachments:
        maintype, _, subtype = attachment.content_type.partition("/")
        mail.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=attachment.filename)
    return mail
