"""The outbox: mails that were sent, that wait, and that were given up."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from include.mail.mailbox import get_message, list_messages, read_body, send_again
from include.web.database import Db
from include.web.pages.rendering import page
from include.web.pages.runs import home_timezone
from include.web.security import Editor, Reader, Runner

ROWS = 30
STATES = {"new": "Waiting", "claimed": "Being sent", "sent": "Sent", "dead": "Given up"}
TOLD = {"again": "The mail is due now: it goes out within seconds."}
# What a mail says may name customers (a missed call's number): that is for people who may edit.
# A mail's HTML is nobody's program: no script, no form, nothing from elsewhere, an origin of its own.
BODY_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

router = APIRouter(prefix="/messages")


@router.get("")
def messages_page(
    request: Request,
    user: Reader,
    db: Db,
    state: str = "",
    search: str = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    with db.connection() as connection:
        wanted = state if state in STATES else None
        messages, total = list_messages(
            connection,
            state=wanted,  # type: ignore[arg-type]
            search=search.strip() or None,
            limit=ROWS,
            offset=offset,
        )
    return page(
        request,
        "messages.html",
        user=user,
        place="messages",
        messages=messages,
        states=STATES,
        chosen={"state": state, "search": search},
        total=total,
        offset=offset,
        limit=ROWS,
        timezone=home_timezone(),
    )


@router.get("/{message_id:uuid}")
def message_page(request: Request, user: Reader, db: Db, message_id: UUID, told: str = "") -> Response:
    with db.connection() as connection:
        message = get_message(connection, message_id)
        body = read_body(connection, message_id) if user.may_edit else None
    return page(
        request,
        "message.html",
        user=user,
        place="messages",
        message=message,
        body=body,
        states=STATES,
        timezone=home_timezone(),
        told=TOLD.get(told),
    )


@router.get("/{message_id:uuid}/body")
def message_body(user: Editor, db: Db, message_id: UUID) -> HTMLResponse:  # noqa: ARG001
    with db.connection() as connection:
        body = read_body(connection, message_id)
    return HTMLResponse(body.html, headers={"Content-Security-Policy": BODY_POLICY})


@router.post("/{message_id:uuid}/resend")
def resend_message(request: Request, user: Runner, db: Db, message_id: UUID) -> RedirectResponse:  # noqa: ARG001
    with db.connection() as connection:
        send_again(connection, message_id)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/messages/{message_id}?told=again", 303)
