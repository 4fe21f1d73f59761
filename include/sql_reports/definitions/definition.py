"""What a SQL report is: the fields that people fill in, and what each of them may hold."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError, model_validator

from include.config.business_days import time_zone
from include.config.model import MailAddress, Many, Model
from include.sql_reports.definitions.rules import Rule
from include.sql_reports.definitions.schedule import check_cron
from include.sql_reports.query.parameters import Parameter

Format = Literal["csv", "json", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "json", "xlsx")
LONGEST_SQL = 100_000


def _one_line(value: str) -> str:
    if re.search(r"[\x00-\x1f\x7f\u2028\u2029]", value):
        raise ValueError("is more than one line")
    return value


def _without_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("holds a NUL character, which the database cannot store")
    return value


def _once(kind: str, name: Callable[[Any], Any] = lambda each: each) -> AfterValidator:
    def check(values: tuple[Any, ...]) -> tuple[Any, ...]:
        names = [name(value) for value in values]
        if twice := [each for number, each in enumerate(names) if each in names[:number]]:
            raise ValueError(f"the {kind} {twice[0]!r} stands there twice")
        return values

    return AfterValidator(check)


def _empty_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


ReportName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(_one_line)
]
Cron = Annotated[str, AfterValidator(check_cron)]
TimeZone = Annotated[str, AfterValidator(time_zone)]


class Definition(Model):
    """A SQL report as people define it. A field's name, type and bounds are those of ``reports.report``.

    :raises pydantic.ValidationError: `field_problems` says what is wrong with which field.
    """

    name: ReportName
    description: Annotated[str, StringConstraints(max_length=2000), AfterValidator(_without_nul)] = ""
    # Parameters stand in it as :name.
    sql: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SQL), AfterValidator(_without_nul)]
    parameters: Annotated[Many[Parameter], _once("parameter", lambda parameter: parameter.name)] = ()
    # None: only on demand.
    cron: Annotated[Cron | None, BeforeValidator(_empty_is_none)] = None
    timezone: TimeZone
    formats: Annotated[Many[Format], Field(min_length=1), _once("format")] = ("csv",)
    # Get the whole report.
    recipients: Annotated[Many[MailAddress], Field(max_length=100), _once("recipient")] = ()
    # A column that holds locations' names: the recipients of each location (locations.yaml) get its rows.
    location_column: Annotated[ReportName | None, BeforeValidator(_empty_is_none)] = None
    # Hears of failures and of broken rules.
    owner: MailAddress
    is_active: bool = True
    rules: Annotated[Many[Rule], Field(max_length=50)] = ()
    retry_count: Annotated[int, Field(ge=0, le=5)] = 2
    timeout_seconds: Annotated[int, Field(ge=1, le=3600)] = 300
    row_limit: Annotated[int, Field(ge=1, le=100_000_000)] = 1_000_000
    is_skipped_if_empty: bool = False
    is_sent_only_if_changed: bool = False
    # How long its files are kept.
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 90

    @model_validator(mode="after")
    def _can_run_by_itself(self) -> "Definition":
        lacking = [each.name for each in self.parameters if each.is_required and each.default is None]
        if self.cron and lacking:
            raise ValueError(
                f"parameters: {lacking[0]} has no default: nobody gives it a value when the schedule starts the report"
            )
        return self


def field_problems(error: ValidationError) -> list[tuple[str, str]]:
    """What is wrong with a definition: the field (dotted, such as ``rules.0.column``; empty: all of it), and a sentence
    that can stand after its name."""
    problems = []
    for detail in error.errors(include_url=False):
        field = ".".join(str(key) for key in detail["loc"])
        sentence = _sentence(detail)
        named = re.match(r"(\w+): (.*)", sentence, re.DOTALL)
        if not field and named and named[1] in Definition.model_fields:
            field, sentence = named.groups()
        problems.append((field, sentence))
    return problems


def _sentence(detail: Any) -> str:
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is no field here"
        case "value_error":
            return str(detail["ctx"]["error"])
        case "string_too_short" | "too_short":
            return "is empty"
        case _:
            message = str(detail["msg"])
            return message[:1].lower() + message[1:]
