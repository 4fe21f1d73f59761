import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from include.sql_reports.query.parameters import Parameter, ParameterError, Value, as_json, resolve

NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
NEW_YORK = "America/New_York"


def value_of(parameter: Parameter, given: Any = None) -> Value:
    return resolve([parameter], {parameter.name: given}, now=NOW, timezone=NEW_YORK)[parameter.name]


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("text", " as it is ", " as it is "),
        ("integer", "-12", -12),
        ("integer", 12, 12),
        ("decimal", "12.50", Decimal("12.50")),
        ("decimal", 0.1, Decimal("0.1")),
        ("boolean", "Yes", True),
        ("boolean", False, False),
        ("date", "2026-11-01", date(2026, 11, 1)),
        ("date", "yesterday", date(2026, 11, 19)),
        ("timestamp", "2026-11-01 06:00", datetime(2026, 11, 1, 6, tzinfo=ZoneInfo(NEW_YORK))),
        ("timestamp", "2026-11-01T06:00:00Z", datetime(2026, 11, 1, 6, tzinfo=UTC)),
        ("text_list", ["a", "b, c"], ["a", "b, c"]),
        ("text_list", "a\nb, c", ["a", "b, c"]),
        ("integer_list", ["1", 2], [1, 2]),
        ("date_list", ["today", "2026-01-01"], [date(2026, 11, 20), date(2026, 1, 1)]),
        ("text_list", [], []),
    ],
)
def test_a_value_is_read_by_its_type(kind: Any, given: Any, value: Value) -> None:
    assert value_of(Parameter(name="p", type=kind), given) == value


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", 1),
        ("text", "a\0b"),
        ("text", "\ud800"),
        ("text", "x" * 10_001),
        ("integer", "1.5"),
        ("integer", True),
        ("integer", 2**31),
        ("integer", "٣"),
        ("decimal", "NaN"),
        ("decimal", "1e500"),
        ("decimal", "x"),
        ("boolean", "maybe"),
        ("boolean", 1),
        ("date", "2026-13-01"),
        ("date", 20261101),
        ("date", "9999 years ago"),
        ("timestamp", "end of last week"),
        ("text_list", 1),
        ("text_list", ["a", 1]),
        ("integer_list", [1] * 1001),
    ],
)
def test_what_is_none_of_its_type_is_told(kind: Any, given: Any) -> None:
    with pytest.raises(ParameterError) as error:
        value_of(Parameter(name="p", type=kind), given)
    assert error.value.problems["p"].split()[0] in {"is", "has", "holds"}


def test_all_that_is_wrong_is_told_at_once() -> None:
    parameters = [Parameter(name="day", type="date"), Parameter(name="count", type="integer")]
    with pytest.raises(ParameterError) as error:
        resolve(parameters, {"count": "many", "other": 1}, now=NOW, timezone=NEW_YORK)
    assert error.value.problems == {
        "other": "is no parameter of this report",
        "day": "needs a value",
        "count": "is no whole number (of at most 2,147,483,647)",
    }


def test_what_is_not_given_is_the_default_or_null() -> None:
    assert value_of(Parameter(name="p", type="date", default="today"), "") == date(2026, 11, 20)
    assert value_of(Parameter(name="p", type="integer", is_required=False)) is None
    assert value_of(Parameter(name="p", type="boolean", default=True), False) is False


def test_only_allowed_values_pass() -> None:
    parameter = Parameter(name="p", type="text_list", allowed=("north", "south"), default=("north",))
    assert value_of(parameter) == ["north"]
    with pytest.raises(ParameterError, match="is none of north, south"):
        value_of(parameter, ["north", "east"])


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Day", "type": "date"},
        {"name": "day; drop", "type": "date"},
        {"name": "day", "type": "regclass"},
        {"name": "day", "type": "date", "default": "someday"},
        {"name": "day", "type": "text", "default": "a", "allowed": ["b"]},
        {"name": "day", "type": "integer", "allowed": ["a"]},
        {"name": "day", "type": "text", "allowed": []},
        {"name": "day", "type": "text", "other": 1},
    ],
)
def test_a_definition_has_to_hold_together(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Parameter.model_validate(fields)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
    "boolean": st.booleans(),
    "date": st.dates(),
    "timestamp": st.datetimes(timezones=st.just(UTC)),
}


@given(st.data())
def test_a_runs_record_gives_the_same_values_again(data: st.DataObject) -> None:
    kind: Any = data.draw(st.sampled_from(sorted(VALUES)))
    parameter = Parameter(name="p", type=kind)
    values: dict[str, Value] = {"p": data.draw(VALUES[kind])}
    kept = json.loads(json.dumps(as_json(values)))
    assert resolve([parameter], kept, now=NOW, timezone=NEW_YORK) == values
