"""A partner's files: putting one in, and what became of those that came."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict

from include.config.partner import Kind
from include.customers.deliveries import PartnerFile, get_file, list_days, list_files, open_content, problems_of
from include.customers.deliveries.files import State
from include.customers.editions import deeds_of
from include.web.api.addresses import address_of
from include.web.api.entity_tags import tagged
from include.web.api.fields import Id, Text
from include.web.api.paging import Page, Paging
from include.web.database import Db
from include.web.downloads import as_it_came
from include.web.partner_days import put_in, the_partner
from include.web.security import Exporter, PartnerReader, Uploader
from include.web.uploads import SentBody

router = APIRouter(tags=["partner files"])

BODY = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


class _FromRecord(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ProblemCount(BaseModel):
    column: str | None
    kind: str
    is_rejected: bool
    count: int


class FileDetails(_FromRecord):
    """A file that came. `delivery_date`: the business day whose new records it is to hold. `reason`: why it is
    quarantined or repeated. `late_count`: orders of earlier days. `columns`: those `missing`, `extra`, `renamed`."""

    file_id: int
    kind: Kind | None
    delivery_date: date | None
    filename: str
    sha256: str
    byte_count: int
    came_by: Literal["upload", "folder"]
    received_by: str
    received_at: datetime
    state: State
    reason: str | None
    format: str | None
    encoding: str | None
    row_count: int | None
    taken_count: int | None
    rejected_count: int | None
    late_count: int | None
    problem_counts: list[ProblemCount]
    columns: dict[str, Any]
    settled_at: datetime | None
    deleted_at: datetime | None


class RowProblem(_FromRecord):
    """`row_number`: the first after the header is 1. `value`: as it came, cut."""

    row_number: int
    column_name: str | None
    kind: str
    is_rejected: bool
    value: str | None
    message: str


class DayFile(_FromRecord):
    """`loaded`: the file that holds; `newest`: the last that came, whatever became of it."""

    state: Literal["loaded", "received", "quarantined", "missing"]
    file_count: int
    loaded: FileDetails | None
    newest: FileDetails | None


class Day(_FromRecord):
    """A day of the unbroken sequence. `is_absent`: its files are due, and neither came."""

    delivery_date: date
    is_due: bool
    is_absent: bool
    missing: list[Kind]
    late_order_count: int
    customers: DayFile
    orders: DayFile


class DeedDone(_FromRecord):
    """What a person did with a file or a report."""

    done_at: datetime
    done_by: str
    action: Literal["uploaded", "approved", "rejected", "downloaded"]
    file_id: int | None
    edition_id: int | None
    filename: str


@router.post("/partner-files", status_code=201, response_model=FileDetails, openapi_extra={"requestBody": BODY})
def put_partner_file(
    user: Uploader,
    database: Db,
    request: Request,
    kind: Kind,
    date: Annotated[date, Query(description="The business day whose new records it holds.")],
    filename: Text,
    content: SentBody,
) -> Response:
    """Puts a file in: the body is the file. It is taken in, and the report follows, within seconds.

    A file for a day that has one already replaces it; the same file once more changes nothing. 413 if it is larger than
    the partner's limits.
    """
    partner = the_partner()
    file = put_in(database, user, partner, content, filename=filename, kind=kind, delivery_date=date)
    location = address_of(request, "partner_file", file_id=file.file_id)
    return tagged(request, _details(file), status=201, headers={"Location": location})


@router.get("/partner-files", response_model=Page[FileDetails])
def partner_files(
    user: PartnerReader,  # noqa: ARG001 (asks for the right, as in all routes)
    database: Db,
    paging: Paging,
    date: date | None = None,
    state: State | None = None,
    kind: Kind | None = None,
) -> Response:
    """The files that came, whatever became of them, the newest first."""
    with database.connection() as connection:
        found, total = list_files(
            connection, delivery_date=date, state=state, kind=kind, limit=paging.limit, offset=paging.offset
        )
    return paging.answer([_details(file) for file in found], total)


@router.get("/partner-files/{file_id}", response_model=FileDetails)
def partner_file(user: PartnerReader, database: Db, request: Request, file_id: Id) -> Response:  # noqa: ARG001
    """A file. Ask again with `If-None-Match` to see what becomes of it."""
    with database.connection() as connection:
        return tagged(request, _details(get_file(connection, file_id)))


@router.get("/partner-files/{file_id}/content", response_class=FileResponse)
def download_partner_file(user: Exporter, database: Db, file_id: Id) -> FileResponse:
    """The file as it came; 410 after its retention. That you have it is written down."""
    with database.connection() as connection:
        file, path = open_content(connection, file_id, user.name)
    return as_it_came(path, file.filename)


@router.get("/partner-files/{file_id}/problems", response_model=Page[RowProblem])
def problems_of_partner_file(
    user: PartnerReader,  # noqa: ARG001
    database: Db,
    paging: Paging,
    file_id: Id,
) -> Response:
    """What is wrong with its rows, by row; of very many the first 10,000 (`problem_counts` counts all)."""
    with database.connection() as connection:
        get_file(connection, file_id)
        found, total = problems_of(connection, file_id, limit=paging.limit, offset=paging.offset)
    return paging.answer([RowProblem.model_validate(problem) for problem in found], total)


@router.get("/partner-days")
def partner_days(
    user: PartnerReader,  # noqa: ARG001
    database: Db,
    before: Annotated[date | None, Query(description="Only days before this one.")] = None,
    limit: Annotated[int, Query(ge=1, le=366)] = 31,
) -> list[Day]:
    """Every day from the first that a file came for until yesterday, the newest first: also those without files."""
    with database.connection() as connection:
        found = list_days(connection, the_partner(), limit=limit, before=before)
    return [Day.model_validate(day) for day in found]


@router.get("/partner-days/{day}/deeds", response_model=Page[DeedDone])
def deeds_of_partner_day(
    user: PartnerReader,  # noqa: ARG001
    database: Db,
    paging: Paging,
    day: date,
) -> Response:
    """Who uploaded, approved, rejected and downloaded what, the newest first."""
    with database.connection() as connection:
        found, total = deeds_of(connection, day, limit=paging.limit, offset=paging.offset)
    return paging.answer([DeedDone.model_validate(deed) for deed in found], total)


def _details(file: PartnerFile) -> FileDetails:
    return FileDetails.model_validate(file)
