"""A definition goes into the form and comes back the same; what is wrong finds its input."""

import pytest
from pydantic import ValidationError
from starlette.datastructures import FormData

from include.sql_reports.definitions.definition import Definition, field_problems
from include.web.pages.report_form import PARAMETER_FIELDS, RULE_FIELDS, ReportForm, form_errors, label_of
from tests.include.sql_reports.reports import definition

FULL = {
    "description": "Two\nlines",
    "sql": "SELECT :day, :places, :n, :whole",
    "parameters": [
        {"name": "day", "type": "date", "label": "Day", "default": "yesterday"},
        {"name": "places", "type": "text_list", "default": ["Pacific", "Midwest"], "allowed": ["Pacific", "Midwest"]},
        {"name": "n", "type": "integer", "default": 7, "is_required": False},
        {"name": "whole", "type": "boolean", "default": False},
    ],
    "cron": "0 6 * * 1",
    "formats": ["csv", "json"],
    "recipients": ["ana@example.com", "ben@example.com"],
    "location_column": "location",
    "rules": [
        {"kind": "row_count", "minimum": 1, "on_breach": "withhold"},
        {"kind": "not_null", "column": "day"},
        {"kind": "unique", "columns": ["day", "location"]},
        {"kind": "range", "column": "net", "minimum": "0.5", "maximum": None},
        {"kind": "freshness", "column": "day", "max_age_hours": 30},
    ],
    "is_active": False,
    "is_sent_only_if_changed": True,
}


def sent(form: ReportForm) -> FormData:
    """As a browser sends the form."""
    fields = [*form.texts.items(), *form.numbers.items(), ("recipients", form.recipients)]
    fields += [("formats", each) for each in form.formats]
    fields += [(name, "yes") for name, is_on in form.flags.items() if is_on]
    fields += [(f"parameter_{name}", row[name]) for row in form.parameters for name in PARAMETER_FIELDS]
    fields += [(f"rule_{name}", row[name]) for row in form.rules for name in RULE_FIELDS]
    return FormData([(name, value.replace("\n", "\r\n")) for name, value in fields])


@pytest.mark.parametrize("wish", [{}, FULL], ids=["least", "full"])
def test_a_definition_survives_the_form(wish: dict[str, object]) -> None:
    before = definition(**wish)
    form = ReportForm.of_form(sent(ReportForm.of_definition(before)))
    assert Definition.model_validate(form.values()) == before


@pytest.mark.parametrize(
    ("change", "input_id", "label"),
    [
        ({"name": ""}, "name", "Name"),
        ({"cron": "0 6"}, "cron", "Schedule"),
        ({"recipients": ["nobody"]}, "recipients", "Recipients"),
        ({"formats": []}, "formats", "Files"),
        ({"row_limit": 0}, "row_limit", "Most rows"),
        ({"parameters": [{"name": "A b", "type": "text"}]}, "parameters.0.name", "Parameter 1, name"),
        (
            {"parameters": [{"name": "a", "type": "date", "default": "sometime"}]},
            "parameters.0.name",
            "Parameter 1, name",
        ),
        ({"rules": [{"kind": "range", "column": "net", "minimum": "x"}]}, "rules.0.minimum", "Rule 1, minimum"),
        ({"rules": [{"kind": "unique", "columns": []}]}, "rules.0.column", "Rule 1, column"),
        ({"rules": [{"kind": "row_count"}]}, "rules.0.kind", "Rule 1, kind"),
    ],
)
def test_a_problem_finds_its_input(change: dict[str, object], input_id: str, label: str) -> None:
    with pytest.raises(ValidationError) as caught:
        definition(**change)
    assert list(form_errors(field_problems(caught.value))) == [input_id]
    assert label_of(input_id) == label
