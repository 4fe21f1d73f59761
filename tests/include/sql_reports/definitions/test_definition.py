from typing import Any

import pytest
from pydantic import ValidationError

from include.sql_reports.definitions.definition import Definition, field_problems
from tests.include.sql_reports.reports import definition


def problems(**wish: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        definition(**wish)
    return dict(field_problems(refused.value))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "is empty"),
        ("name", "a\nb", "is more than one line"),
        ("sql", "x" * 100_001, "at most 100000 characters"),
        ("cron", "0 6 * *", "write minute, hour, day, month and weekday"),
        ("timezone", "Mars/Olympus", "'Mars/Olympus' is no time zone"),
        ("owner", "ana", "'ana' is no mail address"),
        ("recipients.1", ["ana@example.com", "bob"], "'bob' is no mail address"),
        ("recipients", ["ana@example.com", "ana@example.com"], "the recipient 'ana@example.com' stands there twice"),
        ("formats", [], "is empty"),
        ("formats.0", ["pdf"], "input should be 'csv', 'json' or 'xlsx'"),
        ("retry_count", 6, "less than or equal to 5"),
        ("timeout_seconds", 0, "greater than or equal to 1"),
        ("retention_days", "9", "valid integer"),
        ("rules.0.row_count", [{"kind": "row_count"}], "states neither minimum nor maximum"),
        ("rules.0.range.column", [{"kind": "range", "minimum": 1}], "is missing"),
        ("rules.0", [{"kind": "nice"}], "does not match any of the expected tags"),
        ("parameters.0.type", [{"name": "day", "type": "moon"}], "input should be"),
        ("surprise", 1, "is no field here"),
    ],
)
def test_what_cannot_be_is_told_by_field(field: str, value: Any, sentence: str) -> None:
    found = problems(**{field.split(".")[0]: value})
    assert sentence in found[field]


def test_a_scheduled_report_needs_a_default_for_every_required_parameter() -> None:
    day = {"name": "day", "type": "date"}
    assert definition(parameters=[day]).cron is None
    assert "day has no default" in problems(parameters=[day], cron="0 6 * * *")["parameters"]
    assert definition(parameters=[day | {"default": "yesterday"}], cron="0 6 * * *")


def test_a_definition_is_the_same_after_json() -> None:
    whole = definition(
        cron="0  6 * * 1",
        formats=["xlsx", "json"],
        recipients=["ana@example.com"],
        parameters=[{"name": "day", "type": "date", "default": "yesterday"}],
        rules=[
            {"kind": "row_count", "minimum": 1, "on_breach": "withhold"},
            {"kind": "unique", "columns": ["day", "location"]},
            {"kind": "range", "column": "net", "minimum": "0.10", "maximum": 99.5},
            {"kind": "freshness", "column": "day", "max_age_hours": 26},
        ],
    )
    assert whole.cron == "0 6 * * 1"
    assert Definition.model_validate(whole.model_dump(mode="json")) == whole
