"""`spreadsheets.values`: reads and writes cells by A1 range."""

from typing import Any

from sandbox.google import a1, numbers, tab
from sandbox.google.calls import Call
from sandbox.google.errors import GoogleError
from sandbox.google.spreadsheet import opened
from sandbox.google.tab import Cell, Tab

Rows = list[list[Any]]


def get(call: Call) -> dict[str, Any]:
    return _read(call, opened(call), call.path["range"])


def batch_get(call: Call) -> dict[str, Any]:
    tabs = opened(call)
    ranges = [_read(call, tabs, text) for text in call.query.getlist("ranges")]
    return {"spreadsheetId": call.path["file_id"], "valueRanges": ranges}


def update(call: Call) -> dict[str, Any]:
    tabs = opened(call, to_write=True)
    answer = _write(call, tabs, call.path["range"], call.body, call.query.get("valueInputOption"))
    _save(call, tabs)
    return answer


def batch_update(call: Call) -> dict[str, Any]:
    tabs = opened(call, to_write=True)
    option = call.body.get("valueInputOption")
    responses = [_write(call, tabs, data["range"], data, option) for data in call.body.get("data", [])]
    _save(call, tabs)
    totals = {
        f"totalUpdated{what}": sum(response[f"updated{what}"] for response in responses)
        for what in ("Rows", "Columns", "Cells")
    }
    sheets = len({a1.parse(data["range"], [one.title for one in tabs])[0] for data in call.body.get("data", [])})
    return {
        "spreadsheetId": call.path["file_id"],
        **totals,
        "totalUpdatedSheets": sheets,
        "responses": responses,
    }


def append(call: Call) -> dict[str, Any]:
    """Writes below the last used row of the tab, whose grid grows."""
    tabs = opened(call, to_write=True)
    one, area = _find(tabs, call.path["range"])
    rows: Rows = call.body.get("values", [])
    top = max(one.used()[0], area.top)
    width = max((len(row) for row in rows), default=1)
    one.resize(max(one.size[0], top + len(rows)), max(one.size[1], area.left + width))
    place = a1.write(one.title, top, area.left, top + max(len(rows), 1), area.left + width)
    updates = _write(call, tabs, place, {"values": rows}, call.query.get("valueInputOption"))
    _save(call, tabs)
    return {"spreadsheetId": call.path["file_id"], "tableRange": place, "updates": updates}


def clear(call: Call) -> dict[str, Any]:
    tabs = opened(call, to_write=True)
    cleared = _clear(tabs, call.path["range"])
    _save(call, tabs)
    return {"spreadsheetId": call.path["file_id"], "clearedRange": cleared}


def batch_clear(call: Call) -> dict[str, Any]:
    tabs = opened(call, to_write=True)
    cleared = [_clear(tabs, text) for text in call.body.get("ranges", [])]
    _save(call, tabs)
    return {"spreadsheetId": call.path["file_id"], "clearedRanges": cleared}


def _save(call: Call, tabs: list[Tab]) -> None:
    with call.state.transaction() as db:
        tab.save(db, call.path["file_id"], tabs)


def _find(tabs: list[Tab], text: str) -> tuple[Tab, a1.Area]:
    title, area = a1.parse(text, [one.title for one in tabs])
    return next(one for one in tabs if one.title == title), area


def _read(call: Call, tabs: list[Tab], text: str) -> dict[str, Any]:
    """Trailing empty cells and rows are left out, as at Google."""
    one, area = _find(tabs, text)
    top, left, bottom, right = one.within(area)
    render = call.query.get("valueRenderOption", "FORMATTED_VALUE")
    used_rows, used_columns = one.used()
    rows: Rows = []
    for row in range(top, min(bottom, used_rows)):
        cells = [one.cells.get((row, column), Cell()) for column in range(left, min(right, used_columns))]
        while cells and cells[-1].value is None:
            cells.pop()
        if render == "FORMATTED_VALUE":
            rows.append([numbers.shown(cell) for cell in cells])
        else:
            rows.append(["" if cell.value is None else cell.value for cell in cells])
    while rows and not rows[-1]:
        rows.pop()
    dimension = call.query.get("majorDimension", "ROWS")
    answer: dict[str, Any] = {"range": a1.write(one.title, top, left, bottom, right), "majorDimension": dimension}
    if rows:
        answer["values"] = rows if dimension == "ROWS" else _turned(rows)
    return answer


def _turned(rows: Rows) -> Rows:
    width = max(len(row) for row in rows)
    return [[row[column] if column < len(row) else "" for row in rows] for column in range(width)]


def _write(call: Call, tabs: list[Tab], text: str, body: dict[str, Any], option: str | None) -> dict[str, Any]:
    if option not in ("RAW", "USER_ENTERED"):
        raise GoogleError(400, "'valueInputOption' is required but not specified")
    one, area = _find(tabs, text)
    rows: Rows = body.get("values", [])
    if body.get("majorDimension", "ROWS") == "COLUMNS":
        rows = _turned(rows) if rows else rows
    width = max((len(row) for row in rows), default=0)
    if (area.bottom is not None and ":" in text and area.top + len(rows) > area.bottom) or (
        area.right is not None and ":" in text and area.left + width > area.right
    ):
        raise GoogleError(400, f"Requested writing within range [{text}], but tried writing outside it")
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            if value is None:
                continue
            if not isinstance(value, str | int | float):
                raise GoogleError(400, f"Invalid values[{down}][{across}]: {type(value).__name__}")
            cell = one.cell(area.top + down, area.left + across)
            cell.value, cell.is_formula = (value or None if value == "" else value), False
            if option == "USER_ENTERED":
                cell.value, cell.is_formula = numbers.entered(value)
    place = a1.write(one.title, area.top, area.left, area.top + max(len(rows), 1), area.left + max(width, 1))
    return {
        "spreadsheetId": call.path["file_id"],
        "updatedRange": place,
        "updatedRows": len(rows),
        "updatedColumns": width,
        "updatedCells": sum(len(row) for row in rows),
    }


def _clear(tabs: list[Tab], text: str) -> str:
    one, area = _find(tabs, text)
    top, left, bottom, right = one.within(area)
    for (row, column), cell in one.cells.items():
        if top <= row < bottom and left <= column < right:
            cell.value, cell.is_formula = None, False
    return a1.write(one.title, top, left, bottom, right)
