"""A partner's files and the reports made of them: what came for which day, and putting more in."""

from datetime import date, timedelta
from typing import Annotated, get_args

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from include.config.partner import Kind, Partner
from include.customers.deliveries import (
    TooLargeError,
    byte_limit,
    files_of,
    get_file,
    list_days,
    list_files,
    open_content,
    problems_of,
)
from include.customers.editions import deeds_of, list_editions
from include.customers.editions.edition import DAG_ID
from include.web.database import Database, Db
from include.web.downloads import as_it_came
from include.web.pages.partner_view import KINDS, SOURCES, DayView, newest_states
from include.web.pages.rendering import page
from include.web.partner_days import day_before, put_in, the_partner
from include.web.problems import Problem
from include.web.security import Exporter, PartnerReader, Uploader, User
from include.web.uploads import SentFiles

DAYS = 31
ROWS = 100
LABELS = {"date": "Business day", "customers": "Customer file", "orders": "Order file"}
TOLD = {
    "uploaded": "It is here. It is being taken in; the report follows by itself.",
    "approved": "It is approved: who may export can download it.",
    "rejected": "It is rejected: nobody can download it.",
}

router = APIRouter(prefix="/partner")


@router.get("")
def partner_page(request: Request, user: PartnerReader, db: Db, before: date | None = None) -> Response:
    return _partner_page(request, user, db, the_partner(), before=before)


@router.post("/files")
def upload(request: Request, user: Uploader, db: Db, form: SentFiles) -> Response:
    """One or both files of a day."""
    partner = the_partner()
    typed = str(form.get("date", ""))
    day, errors = _read_day(typed)
    files = {kind: file for kind in get_args(Kind) if (file := _sent_file(form, kind))}
    if not files:
        errors["customers"] = "Choose a customer file, an order file, or both"
    if day is None or errors:
        return _partner_page(request, user, db, partner, typed=typed, errors=errors)
    for kind, file in files.items():
        try:
            put_in(db, user, partner, file.file, filename=file.filename or "", kind=kind, delivery_date=day)
        except TooLargeError as error:
            errors[kind] = str(error)
        except Problem as problem:
            if problem.status != 422:
                raise
            errors |= {each.field: each.message for each in problem.errors}
    if errors:
        return _partner_page(request, user, db, partner, typed=typed, errors=errors)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/partner/{day}?told=uploaded", 303)


@router.get("/files/{file_id:int}")
def file_page(
    request: Request, user: PartnerReader, db: Db, file_id: int, offset: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """The rows of a file that something is wrong with."""
    partner = the_partner()
    with db.connection() as connection:
        file = get_file(connection, file_id)
        problems, kept_count = problems_of(connection, file_id, limit=ROWS, offset=offset)
    return page(
        request,
        "partner_file.html",
        user=user,
        place="partner",
        partner=partner,
        file=file,
        kinds=KINDS,
        problems=problems,
        offset=offset,
        limit=ROWS,
        has_more=kept_count > offset + ROWS,
        counted=sum(each["count"] for each in file.problem_counts),
    )


@router.get("/files/{file_id:int}/content")
def file_download(user: Exporter, db: Db, file_id: int) -> Response:
    """Committed before the first byte goes: who has it is written down."""
    with db.connection() as connection:
        file, path = open_content(connection, file_id, user.name)
    return as_it_came(path, file.filename)


@router.get("/{day}")
def day_page(
    request: Request, user: PartnerReader, db: Db, day: date, told: str = "", seen: str | None = None
) -> Response:
    """What came for a day, what was made of it, and who did what. Its live part asks for the same page.

    :param seen: what that part has told of it already.
    """
    partner = the_partner()
    with db.connection() as connection:
        editions, _ = list_editions(connection, business_date=day)
        deeds, _ = deeds_of(connection, day)
        view = DayView(day, files_of(connection, day), editions, deeds)
    return page(
        request,
        "partner_day.html",
        user=user,
        place="partner",
        partner=partner,
        view=view,
        kinds=KINDS,
        sources=SOURCES,
        dag_id=DAG_ID,
        said=view.news if seen not in (None, view.news) else None,
        told=TOLD.get(told),
    )


def _read_day(typed: str) -> tuple[date | None, dict[str, str]]:
    try:
        return date.fromisoformat(typed), {}
    except ValueError:
        return None, {"date": "Say which day's records the files hold"}


def _sent_file(form: FormData, name: str) -> UploadFile | None:
    """Browsers send a file without a name where none was chosen."""
    sent = form.get(name)
    return sent if isinstance(sent, UploadFile) and sent.filename else None


def _partner_page(
    request: Request,
    user: User,
    db: Database,
    partner: Partner,
    *,
    before: date | None = None,
    typed: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    newest = day_before(partner)
    with db.connection() as connection:
        days = list_days(connection, partner, limit=DAYS, before=before)
        states = newest_states(connection, [day.delivery_date for day in days])
        quarantined, _ = list_files(connection, state="quarantined")
        strays = [file for file in quarantined if not file.delivery_date and not before]
    return page(
        request,
        "partner.html",
        422 if errors else 200,
        user=user,
        place="partner",
        partner=partner,
        days=days,
        states=states,
        strays=strays,
        before=before,
        last=days[-1].delivery_date if len(days) == DAYS else None,
        is_moving=any("received" in (day.customers.state, day.orders.state) for day in days),
        typed=typed or newest.isoformat(),
        latest=newest + timedelta(days=1),
        limits={kind: byte_limit(partner, kind) for kind in get_args(Kind)},
        kinds=KINDS,
        labels=LABELS,
        errors=errors or {},
    )
