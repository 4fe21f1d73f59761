"""Errors as RFC 9457 has them: application/problem+json with a title, what to do, and the fields that are wrong."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.responses import Response
from pydantic import BaseModel

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5


class FieldError(BaseModel):
    """:param field: its path in what was sent, such as `parameters.0.name`; line and column of SQL count from 1."""

    field: str
    message: str
    line: int | None = None
    column: int | None = None


class ProblemDetails(BaseModel):
    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = None


class Problem(Exception):  # noqa: N818 (RFC 9457's own word)
    """Ends a request with a problem. `detail` says what the caller can do."""

    def __init__(
        self,
        status: int,
        title: str | None = None,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.title = title or HTTPStatus(status).phrase
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        super().__init__(f"{status} {self.title}")

    @classmethod
    def unavailable(cls, detail: str) -> "Problem":
        return cls(503, "Not available now", detail, headers={"Retry-After": str(RETRY_SECONDS)})

    @classmethod
    def wrong_fields(cls, errors: Sequence[FieldError]) -> "Problem":
        detail = "; ".join(f"{error.field}: {error.message}" if error.field else error.message for error in errors)
        return cls(422, "Not as it should be", detail, errors=errors)

    def response(self) -> Response:
        body = ProblemDetails(title=self.title, status=self.status, detail=self.detail, errors=self.errors or None)
        # In ASCII: what is wrong may hold halves of characters, which are no UTF-8.
        content = json.dumps(body.model_dump(exclude_none=True))
        return Response(content, self.status, self.headers, MEDIA_TYPE)
