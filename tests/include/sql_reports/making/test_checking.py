import tracemalloc
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from include.sql_reports.definitions.rules import Rule
from include.sql_reports.making import duplicates
from include.sql_reports.making.checking import Checking
from include.sql_reports.making.duplicates import Duplicates

# 07:00 in New York.
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


def messages(rule: dict[str, Any], cells: Sequence[Any]) -> list[str]:
    checking = Checking([RULE.validate_python(rule)], NOW, "America/New_York")
    checking.begin(["other", "x"])
    for cell in cells:
        checking.row([1, cell])
    found = checking.breaches(len(cells))
    checking.close()
    return [breach.message for breach in found]


@pytest.mark.parametrize(
    ("rule", "cells", "message"),
    [
        ({"kind": "row_count", "minimum": 1, "maximum": 2}, [1, 2], None),
        ({"kind": "row_count", "minimum": 1}, [], "there are 0"),
        ({"kind": "row_count", "maximum": 2}, [1, 2, 3], "there are 3"),
        ({"kind": "not_null", "column": "x"}, [0, "", False], None),
        ({"kind": "not_null", "column": "x"}, [0, None, None], "2 rows of 3 lack a value"),
        ({"kind": "unique", "columns": ["x"]}, [1, "1", None, None, Decimal("2")], None),
        ({"kind": "unique", "columns": ["x"]}, ["a", "b", "a", "a"], "2 rows of 4 repeat what another row has"),
        ({"kind": "unique", "columns": ["other", "x"]}, ["a", "a"], "1 row of 2 repeat what another row has"),
        ({"kind": "range", "column": "x", "minimum": 0, "maximum": "10.5"}, [0, 10.5, Decimal("3"), None], None),
        ({"kind": "range", "column": "x", "minimum": 0}, [-1, 5, -7], "2 rows of 3 lie outside: from -7 to -1"),
        ({"kind": "range", "column": "x", "minimum": 0}, [float("nan")], "1 row of 1 lie outside"),
        ({"kind": "range", "column": "x", "minimum": 0}, ["5"], "1 row of 1 hold no number"),
        ({"kind": "freshness", "column": "x", "max_age_hours": 2}, [datetime(2026, 11, 21, 10, 30, tzinfo=UTC)], None),
        # Without a zone it is the report's; a day lasts until midnight there.
        ({"kind": "freshness", "column": "x", "max_age_hours": 2}, [datetime(2026, 11, 21, 5, 30)], None),  # noqa: DTZ001
        ({"kind": "freshness", "column": "x", "max_age_hours": 7}, [date(2026, 11, 20), date(2026, 11, 1)], None),
        (
            {"kind": "freshness", "column": "x", "max_age_hours": 6},
            [date(2026, 11, 20), None],
            "the newest is 7 h old (2026-11-21 00:00)",
        ),
        ({"kind": "freshness", "column": "x", "max_age_hours": 1}, [None], "no row has a day or time"),
        ({"kind": "freshness", "column": "x", "max_age_hours": 1}, ["today"], "1 row of 1 hold no day or time"),
        ({"kind": "not_null", "column": "y"}, [1], "the statement has no column y"),
    ],
)
def test_a_rule_is_kept_or_says_how_it_is_broken(
    rule: dict[str, Any], cells: Sequence[Any], message: str | None
) -> None:
    assert messages(rule, cells) == ([message] if message else [])


def test_breaches_come_in_the_order_of_the_rules() -> None:
    rules = [
        RULE.validate_python({"kind": "not_null", "column": "x"}),
        RULE.validate_python({"kind": "row_count", "minimum": 9, "on_breach": "withhold"}),
        RULE.validate_python({"kind": "unique", "columns": ["nothing"]}),
    ]
    checking = Checking(rules, NOW, "UTC")
    checking.begin(["x"])
    checking.row([None])
    assert [(breach.rule, breach.on_breach) for breach in checking.breaches(1)] == [
        ("x not empty", "warn"),
        ("row count at least 9", "withhold"),
        ("nothing unique", "warn"),
    ]


@given(st.lists(st.tuples(st.integers(0, 30), st.text(max_size=1))))
@settings(max_examples=50, deadline=None)
def test_duplicates_are_counted_as_a_set_counts_them(keys: list[tuple[int, str]]) -> None:
    counting = Duplicates()
    for key in keys:
        counting.add(key)
    assert counting.count() == len(keys) - len(set(keys))
    counting.close()


def test_duplicates_of_many_rows_take_constant_memory() -> None:
    count, bucket_bytes = 20_000, 1024
    counting = Duplicates(bucket_bytes)
    tracemalloc.start()
    for number in range(count):
        counting.add([number % (count - 5)])
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The buckets, and each file's own buffer.
    assert kept < duplicates.BUCKETS * (2 * bucket_bytes + 10_000)
    assert counting.count() == 5
    counting.close()
