"""What people with the right to export do with the report of a day: approve, reject, download."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from include.customers.editions import get_edition, open_download
from include.web.database import Database, Db
from include.web.downloads import workbook
from include.web.partner_days import settle
from include.web.security import Exporter, User

# Of a sentence or two.
LONGEST_NOTE = 1000
Note = Annotated[str, Form(max_length=LONGEST_NOTE)]

router = APIRouter(prefix="/partner/editions/{edition_id:int}")


@router.post("/approve")
def approve(request: Request, user: Exporter, db: Db, edition_id: int, note: Note = "") -> Response:
    return _settled(request, user, db, edition_id, is_approved=True, note=note)


@router.post("/reject")
def reject(request: Request, user: Exporter, db: Db, edition_id: int, note: Note = "") -> Response:
    return _settled(request, user, db, edition_id, is_approved=False, note=note)


@router.get("/file")
def edition_download(user: Exporter, db: Db, edition_id: int) -> Response:
    """Committed before the first byte goes: who has it is written down."""
    with db.connection() as connection:
        edition = get_edition(connection, edition_id)
        path = open_download(connection, edition_id, user.name)
    return workbook(path, edition.filename)


def _settled(
    request: Request, user: User, db: Database, edition_id: int, *, is_approved: bool, note: str
) -> RedirectResponse:
    edition = settle(db, user, edition_id, is_approved=is_approved, note=note)
    prefix = request.scope.get("root_path", "")
    return RedirectResponse(f"{prefix}/partner/{edition.business_date}?told={edition.state}", 303)
