"""What PUT and PATCH make of a saved definition, the same for reports and standing orders."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from include.sql_reports.definitions.definition import field_problems
from include.web.api.merge_patch import merge
from include.web.problems import FieldError, Problem

Definition = TypeVar("Definition", bound=BaseModel)
# What an answer holds beside the definition: it may stand in what is sent back, and changes nothing.
READ_ONLY = frozenset(
    {
        "report_id",
        "standing_order_id",
        "version",
        "schedule",
        "next_run_at",
        "is_from_config",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "last_run",
        "row_counts",
    }
)


def without_read_only(body: Any) -> Any:
    return {name: value for name, value in body.items() if name not in READ_ONLY} if isinstance(body, dict) else body


def patched(saved: Definition, patch: Mapping[str, Any]) -> Definition:
    """:raises Problem: what comes out is none; says which fields are wrong."""
    merged = merge(saved.model_dump(mode="json"), without_read_only(dict(patch)))
    try:
        return type(saved).model_validate(merged)
    except ValidationError as error:
        errors = [FieldError(field=field, message=message) for field, message in field_problems(error)]
        raise Problem.wrong_fields(errors) from None
