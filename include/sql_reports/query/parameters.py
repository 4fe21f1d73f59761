"""A report's parameters: what stands in its SQL as ``:name``, and what may be put there.

Values are bound, never spliced. Days and times may be given in words ("yesterday", "start of last month"), which count
in the report's time zone.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from include.config.model import Many, Model
from include.sql_reports.query.relative_dates import relative_date, relative_timestamp

ParameterType = Literal[
    "text", "integer", "decimal", "date", "timestamp", "boolean", "text_list", "integer_list", "date_list"
]
Value = str | int | Decimal | date | datetime | bool | list[str] | list[int] | list[date] | None
# What a parameter is in SQL.
SQL_TYPES: dict[ParameterType, str] = {
    "text": "text",
    "integer": "integer",
    "decimal": "numeric",
    "date": "date",
    "timestamp": "timestamptz",
    "boolean": "boolean",
    "text_list": "text[]",
    "integer_list": "integer[]",
    "date_list": "date[]",
}
LONGEST_TEXT = 10_000
MOST_ITEMS = 1_000
_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


class ParameterError(ValueError):
    """
    :param problems: a sentence for each parameter's name.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = dict(problems)


class Parameter(Model):
    """
    :param default: as in JSON; days and times also in words. None: none.
    :param allowed: the only values there are; of a list, its items. None: any.
    :param is_required: whether a run needs a value; if not, the parameter is NULL without one.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,62}$")]
    type: ParameterType
    label: Annotated[str, StringConstraints(max_length=200)] = ""
    default: str | int | float | bool | Many[str | int] | None = None
    allowed: Annotated[Many[str | int | float], Field(min_length=1)] | None = None
    is_required: bool = True

    @model_validator(mode="after")
    def _holds_together(self) -> "Parameter":
        # Any moment will do to see whether words are understood.
        at, zone = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")), ZoneInfo("UTC")
        for value in self.allowed or ():
            _read(self._item_type, value, at, zone)
        if self.default is not None:
            self.read(list(self.default) if isinstance(self.default, tuple) else self.default, at, zone)
        return self

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]

    @property
    def _item_type(self) -> ParameterType:
        return self.type.removesuffix("_list")  # type: ignore[return-value]

    def read(self, given: Any, now: datetime, zone: ZoneInfo) -> Value:
        """
        :raises ValueError: it is none of this type, or none of those that are allowed.
        """
        if self._item_type == self.type:
            value: Value = self._allowed(_read(self.type, given, now, zone), now, zone)
            return value
        items = given.splitlines() if isinstance(given, str) else given
        if not isinstance(items, list | tuple):
            raise ValueError("is no list")
        if len(items) > MOST_ITEMS:
            raise ValueError(f"has more than {MOST_ITEMS:,} items")
        return [self._allowed(_read(self._item_type, item, now, zone), now, zone) for item in items]

    def _allowed(self, value: Any, now: datetime, zone: ZoneInfo) -> Any:
        if self.allowed is not None and value not in [_read(self._item_type, each, now, zone) for each in self.allowed]:
            raise ValueError(f"is none of {', '.join(map(str, self.allowed))}")
        return value


def resolve(
    parameters: Sequence[Parameter], given: Mapping[str, Any], *, now: datetime, timezone: str
) -> dict[str, Value]:
    """The value of each parameter for a run.

    :param given: name → as in JSON, or as text from a form; an empty text or None means the default.
    :param now: when the run was due: what "today" counts from.
    :raises ParameterError: with a sentence for each that is wrong.
    """
    zone = ZoneInfo(timezone)
    values: dict[str, Value] = {}
    problems = {name: "is no parameter of this report" for name in given if name not in {p.name for p in parameters}}
    for parameter in parameters:
        value = given.get(parameter.name)
        if value is None or value == "":
            value = parameter.default
        try:
            values[parameter.name] = None if value is None else parameter.read(value, now, zone)
        except ValueError as error:
            problems[parameter.name] = str(error)
        else:
            if value is None and parameter.is_required:
                problems[parameter.name] = "needs a value"
    if problems:
        raise ParameterError(problems)
    return values


def as_json(values: Mapping[str, Value]) -> dict[str, Any]:
    """Values as a run's record keeps them; `resolve` reads them back."""
    return {
        name: [_json(each) for each in value] if isinstance(value, list) else _json(value)
        for name, value in values.items()
    }


def _json(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value


def _read(kind: ParameterType, given: Any, now: datetime, zone: ZoneInfo) -> Any:
    text = given.strip() if isinstance(given, str) else given
    match kind:
        case "text":
            return _text(given)
        case "integer":
            return _integer(text)
        case "decimal":
            return _decimal(text)
        case "boolean":
            return _boolean(text)
        case "date":
            return _date(text, now, zone)
        case _:
            return _timestamp(text, now, zone)


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError("is no text")
    if len(given) > LONGEST_TEXT:
        raise ValueError(f"has more than {LONGEST_TEXT:,} characters")
    if re.search("[\0\ud800-\udfff]", given):
        raise ValueError("holds a character that no database stores")
    return given


def _integer(given: Any) -> int:
    if isinstance(given, str) and re.fullmatch(r"[+-]?[0-9]{1,10}", given):
        given = int(given)
    if not isinstance(given, int) or isinstance(given, bool) or not -(2**31) <= given < 2**31:
        raise ValueError("is no whole number (of at most 2,147,483,647)")
    return given


def _decimal(given: Any) -> Decimal:
    if isinstance(given, str | int | float | Decimal) and not isinstance(given, bool):
        try:
            number = Decimal(str(given))
        except InvalidOperation:
            pass
        else:
            if number.is_finite() and -100 < number.adjusted() < 100:
                return number
    raise ValueError("is no number")


def _boolean(given: Any) -> bool:
    if isinstance(given, str):
        given = _BOOLEANS.get(given.casefold())
    if not isinstance(given, bool):
        raise ValueError("is neither true nor false")
    return given


def _date(given: Any, now: datetime, zone: ZoneInfo) -> date:
    try:
        day = relative_date(given, now.astimezone(zone).date()) or date.fromisoformat(given)
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise ValueError(
            "is no day: write it as 2026-11-21, or in words, as “yesterday” or “start of last month”"
        ) from None
    return day


def _timestamp(given: Any, now: datetime, zone: ZoneInfo) -> datetime:
    try:
        at = relative_timestamp(given, now, zone) or datetime.fromisoformat(given)
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise ValueError("is no time: write it as 2026-11-21 06:00, or in words, as “now” or “24 hours ago”") from None
    return at if at.tzinfo else at.replace(tzinfo=zone)
