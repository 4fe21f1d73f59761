"""Square's errors: a status and `{"errors": [{category, code, detail, field}]}`."""

from collections.abc import Mapping
from typing import Any


class SquareError(Exception):
    """Ends a request with one error in Square's shape; `field` names the part of the request at fault."""

    def __init__(
        self, code: str, detail: str, *, field: str = "", status: int = 400, category: str = "INVALID_REQUEST_ERROR"
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.error = {"category": category, "code": code, "detail": detail}
        if field:
            self.error["field"] = field

    def body(self) -> dict[str, Any]:
        return {"errors": [self.error]}


def not_found(what: str, identifier: object) -> SquareError:
    return SquareError("NOT_FOUND", f"{what} with id `{identifier}` not found.", status=404)


def missing(field: str) -> SquareError:
    return SquareError("MISSING_REQUIRED_PARAMETER", "Field must be set", field=field)


def unauthorized() -> SquareError:
    detail = "This request could not be authorized."
    return SquareError("UNAUTHORIZED", detail, status=401, category="AUTHENTICATION_ERROR")


def refusal(status: int) -> Mapping[str, Any]:
    """The body that goes with a fault's status."""
    if status == 429:
        error = {"category": "RATE_LIMIT_ERROR", "code": "RATE_LIMITED", "detail": "Too many requests."}
    else:
        codes = {502: "BAD_GATEWAY", 503: "SERVICE_UNAVAILABLE", 504: "GATEWAY_TIMEOUT"}
        code = codes.get(status, "INTERNAL_SERVER_ERROR")
        error = {"category": "API_ERROR", "code": code, "detail": "An internal error has occurred."}
    return {"errors": [error]}
