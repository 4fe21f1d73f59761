"""How Sheets reads what a person types, and shows numbers in a format such as `"$"#,##0.00`."""

import re
from typing import Any

from sandbox.google.tab import Cell, Value

NUMBER = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?|[-+]?\.\d+")
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
    pattern = cell.format.get("numberFormat", {}).get("pattern", "")
    return _number(value, pattern) if pattern else _plain(value)


def _plain(value: int | float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


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
