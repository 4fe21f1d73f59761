"""What one run of a report is asked for, besides what the report says: read from the DAG run's params."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from include.sql_reports.definitions.definition import FORMATS, Definition, Format


@dataclass(frozen=True)
class Request:
    """
    :param given: values of parameters; those that it does not name have their defaults.
    :param recipients: get the whole report instead of those whom the report names; None: those.
    """

    given: Mapping[str, Any]
    formats: Sequence[Format]
    recipients: Sequence[str] | None
    is_mailed: bool


def read_request(params: Mapping[str, Any], definition: Definition) -> Request:
    wanted = params.get("formats") or definition.formats
    return Request(
        given=params.get("parameters") or {},
        formats=[name for name in FORMATS if name in wanted],
        recipients=params.get("recipients") or None,
        is_mailed=params.get("mail", True),
    )
