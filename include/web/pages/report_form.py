"""A report's definition as a form: from the definition, and back from what was sent."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from include.sql_reports.definitions.definition import Definition
from include.sql_reports.query.parameters import Parameter
from include.web.pages.addresses import split_addresses

TYPES = {
    "text": "Text",
    "integer": "Whole number",
    "decimal": "Number",
    "date": "Day",
    "timestamp": "Time",
    "boolean": "Yes or no",
    "text_list": "Several texts",
    "integer_list": "Several whole numbers",
    "date_list": "Several days",
}
RULES = {
    "row_count": "Number of rows",
    "not_null": "Column has no gaps",
    "unique": "Columns have no repeats",
    "range": "Column within a range",
    "freshness": "Column is fresh",
}
# As the error summary names them.
LABELS = {
    "name": "Name",
    "description": "Description",
    "sql": "SQL",
    "parameters": "Parameters",
    "cron": "Schedule",
    "timezone": "Time zone",
    "formats": "Files",
    "recipients": "Recipients",
    "location_column": "Column with locations",
    "owner": "Owner",
    "rules": "Rules",
    "retry_count": "Further tries",
    "timeout_seconds": "Longest time",
    "row_limit": "Most rows",
    "retention_days": "Days that files are kept",
}
TEXTS = ("name", "description", "sql", "cron", "timezone", "location_column", "owner")
NUMBERS = ("retry_count", "timeout_seconds", "row_limit", "retention_days")
FLAGS = ("is_active", "is_skipped_if_empty", "is_sent_only_if_changed")
PARAMETER_FIELDS = ("name", "type", "label", "default", "allowed", "required", "try")
RULE_FIELDS = ("kind", "column", "minimum", "maximum", "max_age_hours", "on_breach")
Row = dict[str, str]


@dataclass
class ReportForm:
    """What stands in the form: texts as typed.

    :param parameters: rows of `PARAMETER_FIELDS`; ``try`` is the value for previews, and not saved.
    :param rules: rows of `RULE_FIELDS`.
    """

    texts: dict[str, str]
    numbers: dict[str, str]
    flags: dict[str, bool]
    formats: list[str]
    recipients: str
    parameters: list[Row] = field(default_factory=list)
    rules: list[Row] = field(default_factory=list)

    @classmethod
    def of_definition(cls, definition: Definition) -> "ReportForm":
        return cls(
            texts={name: getattr(definition, name) or "" for name in TEXTS},
            numbers={name: str(getattr(definition, name)) for name in NUMBERS},
            flags={name: getattr(definition, name) for name in FLAGS},
            formats=list(definition.formats),
            recipients="\n".join(definition.recipients),
            parameters=[_parameter_row(parameter) for parameter in definition.parameters],
            rules=[_rule_row(rule.model_dump(mode="json")) for rule in definition.rules],
        )

    @classmethod
    def of_form(cls, form: FormData) -> "ReportForm":
        return cls(
            # Browsers send line ends as CR LF; columns and lines are counted without.
            texts={name: str(form.get(name, "")).replace("\r\n", "\n") for name in TEXTS},
            numbers={name: str(form.get(name, "")) for name in NUMBERS},
            flags={name: name in form for name in FLAGS},
            formats=[str(each) for each in form.getlist("formats")],
            recipients=str(form.get("recipients", "")),
            parameters=list(_rows(form, "parameter", PARAMETER_FIELDS)),
            rules=list(_rows(form, "rule", RULE_FIELDS)),
        )

    def values(self) -> dict[str, Any]:
        """What `Definition.model_validate` takes: what cannot be read stays text, so that it says what is wrong."""
        return {
            **self.texts,
            **{name: _number(text) for name, text in self.numbers.items()},
            **self.flags,
            "formats": self.formats,
            "recipients": split_addresses(self.recipients),
            "parameters": self.parameter_values(),
            "rules": [_rule(row) for row in self.rules],
        }

    def parameter_values(self) -> list[dict[str, Any]]:
        return [_parameter(row) for row in self.parameters]

    def tried(self) -> dict[str, str]:
        """The values that a preview is asked with."""
        return {row["name"]: row["try"] for row in self.parameters if row["try"].strip()}


def form_errors(problems: list[tuple[str, str]]) -> dict[str, str]:
    """Problems of a definition by the id of the input that they are of."""
    errors: dict[str, str] = {}
    for where, sentence in problems:
        parts = where.split(".")
        if parts[0] == "rules" and len(parts) > 2:
            # The kind of rule stands in the path, too.
            parts = [*parts[:2], *(part for part in parts[2:] if part not in RULES)][:3]
        if parts[0] == "parameters" and len(parts) > 2:
            parts = parts[:3]
        if parts[0] in {"formats", "recipients"}:
            parts = parts[:1]
        name = _input(parts)
        errors[name] = f"{errors[name]}; {sentence}" if name in errors else sentence
    return errors


def label_of(name: str) -> str:
    """`parameters.0.name` → `Parameter 1, name`."""
    kind, *rest = name.split(".")
    if kind in {"parameters", "rules"} and rest:
        words = [f"{LABELS[kind].removesuffix('s')} {int(rest[0]) + 1}", *(part.replace("_", " ") for part in rest[1:])]
        return ", ".join(words)
    return LABELS.get(kind, kind)


def _input(parts: list[str]) -> str:
    match parts:
        case ["parameters", number]:
            return f"parameters.{number}.name"
        case ["rules", number]:
            return f"rules.{number}.kind"
        case ["rules", number, "columns"]:
            return f"rules.{number}.column"
        case _:
            return ".".join(parts)


def _rows(form: FormData, prefix: str, fields: tuple[str, ...]) -> Iterator[Row]:
    columns = [[str(each) for each in form.getlist(f"{prefix}_{name}")] for name in fields]
    for values in zip(*columns, strict=False):
        yield dict(zip(fields, values, strict=True))


def _parameter_row(parameter: Parameter) -> Row:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "label": parameter.label,
        "default": shown(parameter.default),
        "allowed": shown(parameter.allowed),
        "required": "yes" if parameter.is_required else "no",
        "try": "",
    }


def _parameter(row: Row) -> dict[str, Any]:
    return {
        "name": row["name"].strip(),
        "type": row["type"],
        "label": row["label"].strip(),
        "default": _default(row["type"], row["default"].strip()),
        "allowed": [_item(row["type"], each) for each in _split(row["allowed"])] or None,
        "is_required": row["required"] != "no",
    }


def _default(kind: str, text: str) -> Any:
    if not text:
        return None
    if kind.endswith("_list"):
        return [_item(kind, each) for each in _split(text)]
    if kind == "boolean" and text.casefold() in {"true", "yes", "false", "no"}:
        return text.casefold() in {"true", "yes"}
    return _item(kind, text)


def _item(kind: str, text: str) -> str | int:
    return int(text) if kind.startswith("integer") and re.fullmatch(r"-?\d{1,18}", text) else text


def shown(value: Any) -> str:
    """A value as it stands in a form: lists with commas."""
    if isinstance(value, list | tuple):
        return ", ".join(shown(each) for each in value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _rule_row(rule: Mapping[str, Any]) -> Row:
    row = {name: shown(rule.get(name)) for name in RULE_FIELDS}
    return row | {"column": row["column"] or shown(rule.get("columns"))}


def _rule(row: Row) -> dict[str, Any]:
    rule: dict[str, Any] = {"kind": row["kind"], "on_breach": row["on_breach"]}
    minimum, maximum = row["minimum"].strip(), row["maximum"].strip()
    match row["kind"]:
        case "row_count":
            rule |= {"minimum": _number(minimum) if minimum else None, "maximum": _number(maximum) if maximum else None}
        case "range":
            rule |= {"column": row["column"].strip(), "minimum": minimum or None, "maximum": maximum or None}
        case "unique":
            rule |= {"columns": _split(row["column"])}
        case "freshness":
            rule |= {"column": row["column"].strip(), "max_age_hours": _number(row["max_age_hours"])}
        case _:
            rule |= {"column": row["column"].strip()}
    return rule


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _number(text: str) -> int | str:
    plain = text.strip().replace(",", "")
    return int(plain) if re.fullmatch(r"-?\d{1,18}", plain) else text
