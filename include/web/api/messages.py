"""The outbox: what was sent, what waits, what is dead."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from include.mail.mailbox import State, list_messages, send_again
from include.web.api.fields import Text
from include.web.api.paging import Page, Paging
from include.web.database import Db
from include.web.security import Reader, Runner

router = APIRouter(tags=["messages"])


class Message(BaseModel):
    """A mail without its body. `state`: new (waits), claimed (being sent), sent, dead (given up)."""

    model_config = ConfigDict(from_attributes=True)

    message_id: UUID
    recipients: list[str]
    subject: str
    state: State
    attempt_count: int
    created_at: datetime
    next_attempt_at: datetime
    sent_at: datetime | None
    last_error: str | None


@router.get("/messages", response_model=Page[Message])
def messages(
    user: Reader,  # noqa: ARG001
    database: Db,
    paging: Paging,
    state: State | None = None,
    search: Annotated[Text | None, Query(description="Stands in the subject, in whatever case.")] = None,
) -> Response:
    """The outbox, the newest first."""
    with database.connection() as connection:
        found, total = list_messages(connection, state=state, search=search, limit=paging.limit, offset=paging.offset)
    return paging.answer([Message.model_validate(message) for message in found], total)


@router.post("/messages/{message_id}/resend", status_code=202)
def resend_message(user: Runner, database: Db, message_id: UUID) -> Message:  # noqa: ARG001
    """Makes a message due now, whatever became of it before; `mail_delivery` sends it within seconds."""
    with database.connection() as connection:
        return Message.model_validate(send_again(connection, message_id))
