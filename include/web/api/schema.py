"""What SQL of reports may read."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from include.warehouse.reporting_schema import read_functions, read_schema
from include.web.api.entity_tags import tagged
from include.web.database import Db
from include.web.security import Reader

router = APIRouter(tags=["schema"])


class _FromCatalog(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Column(_FromCatalog):
    name: str
    type: str
    comment: str


class View(_FromCatalog):
    name: str
    comment: str
    columns: list[Column]


class Function(_FromCatalog):
    name: str
    arguments: str
    result: str
    comment: str


class Schema(BaseModel):
    """The schema `reporting`: views with their columns, and functions. Names need no schema in front."""

    views: list[View]
    functions: list[Function]


@router.get("/schema", response_model=Schema)
def schema(user: Reader, database: Db, request: Request) -> Response:  # noqa: ARG001
    """What SQL of reports may read."""
    with database.connection() as connection:
        views, functions = read_schema(connection), read_functions(connection)
    return tagged(
        request,
        Schema(
            views=[View.model_validate(view) for view in views],
            functions=[Function.model_validate(function) for function in functions],
        ),
    )
