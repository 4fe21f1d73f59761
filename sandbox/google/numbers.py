"""How Sheets reads what a person types, and shows numbers in a format such as `"$"#,##0.00`."""

import re
from datetime import datetime, timedelta
from typing import Any

from sandbox.google.tab import Cell, Value

NUMBER = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?|[-+]?\.\d+")
# Day 0 of a spreadsheet.
DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 (a cell knows no time zone)
TIME_PARTS = {"hh:mm:ss": "%H:%M:%S", "hh:mm": "%H:%M", "yyyy": "%Y", "mm": "%m", "dd": "%d"}
DIGITS = re.compile(r"[#0][#0,]*(?:\.(?P<decimals>[#0]+))?")


def entered(text: Any) -> tuple[Value | None, bool]:
    """The value and whether it is a formula, as USER_ENTERED takes it; numbers and booleans stay what they are."""
    if not isinstance(text, str):
        return text, False
    if text.startswith("=") and len(text) > 1:
        return text, True
    if text.startswith("'"):
        return text[1:], False
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE", False
    if NUMBER.fullmatch(text):
        return (int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)), False
    return text or None, False


def shown(cell: Cell) -> str:
    """The cell as it looks in the browser. Formulas are not computed here: they show their text."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    number_format = cell.format.get("numberFormat", {})
    pattern = number_format.get("pattern", "")
    if number_format.get("type") in ("DATE", "TIME", "DATE_TIME"):
        return _time(value, pattern)
    return _number(value, pattern) if pattern else _plain(value)


def _plain(value: int | float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def _time(days: int | float, pattern: str) -> str:
    at = DAY_0 + timedelta(seconds=round(days * 86_400))
    return at.strftime(re.sub("|".join(TIME_PARTS), lambda part: TIME_PARTS[part[0]], pattern))


def _number(value: int | float, pattern: str) -> str:
    digits = DIGITS.search(re.sub(r'"[^"]*"', lambda found: "\0" * len(found[0]), pattern))
    if not digits:
        return _plain(value)
    decimals = digits["decimals"] or ""
    percent = "%" in pattern
    text = f"{abs(value) * (100 if percent else 1):{',' if ',' in digits[0] else ''}.{len(decimals)}f}"
    if optional := len(decimals) - len(decimals.rstrip("#")):
        kept = text[:-optional]
        text = (kept + text[-optional:].rstrip("0")).rstrip(".")
    before, after = pattern[: digits.start()].replace('"', ""), pattern[digits.end() :].replace('"', "")
    return f"{'-' if value < 0 else ''}{before}{text}{after}"
