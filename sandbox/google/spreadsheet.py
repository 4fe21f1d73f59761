"""`spreadsheets.create`, `.get` and `.batchUpdate`."""

from typing import Any

from sandbox.google import drive, numbers, tab
from sandbox.google.calls import Call
from sandbox.google.change import Change
from sandbox.google.changes import CHANGES
from sandbox.google.errors import GoogleError
from sandbox.google.tab import Cell, Tab


def opened(call: Call, to_write: bool = False) -> list[Tab]:
    """The spreadsheet's tabs, if the caller may see (or write) them."""
    file_id = call.path["file_id"]
    row = call.state.db.execute("SELECT mime_type FROM google_file WHERE file_id = ?", [file_id]).fetchone()
    if row is None or row["mime_type"] != drive.SPREADSHEET:
        raise GoogleError(404, "Requested entity was not found.")
    if drive.role(call.state, file_id, call.caller) not in (
        ("owner", "writer") if to_write else ("owner", "writer", "commenter", "reader")
    ):
        raise GoogleError(403, "The caller does not have permission")
    # Drive makes an empty spreadsheet with the one tab that it has at Google.
    return tab.load(call.state, file_id) or [Tab(tab.new_properties(0, "Sheet1", 0))]


def create(call: Call) -> dict[str, Any]:
    title = call.body.get("properties", {}).get("title", "Untitled spreadsheet")
    wished = [sheet.get("properties", {}) for sheet in call.body.get("sheets", [])] or [{}]
    tabs = []
    for index, properties in enumerate(wished):
        more = {"sheetId": index, "title": f"Sheet{index + 1}"} | properties
        tabs.append(Tab(tab.new_properties(more.pop("sheetId"), more.pop("title"), index, **more)))
    with call.state.transaction() as db:
        file_id = drive.new_file(db, call.caller, title, drive.SPREADSHEET)
        tab.save(db, file_id, tabs)
    return _answer(file_id, title, tabs)


def get(call: Call) -> dict[str, Any]:
    tabs = opened(call)
    is_with_cells = call.query.get("includeGridData", "false").lower() == "true"
    return _answer(call.path["file_id"], _title(call), tabs, is_with_cells)


def batch_update(call: Call) -> dict[str, Any]:
    """All requests or none."""
    change = Change(_title(call), opened(call, to_write=True))
    replies = []
    requests = call.body.get("requests", [])
    if not requests:
        raise GoogleError(400, "Must specify at least one request.")
    for number, request in enumerate(requests):
        for kind, wish in request.items():
            if kind not in CHANGES:
                raise GoogleError(
                    400,
                    f"Invalid JSON payload received. Unknown name \"{kind}\" at 'requests[{number}]': "
                    "Cannot find field.",
                )
            try:
                reply = CHANGES[kind](change, wish)
            except GoogleError as error:
                raise GoogleError(error.status, f"Invalid requests[{number}].{kind}: {error.message}") from error
            replies.append({kind: reply} if reply else {})
    with call.state.transaction() as db:
        db.execute("UPDATE google_file SET name = ? WHERE file_id = ?", [change.title, call.path["file_id"]])
        tab.save(db, call.path["file_id"], change.tabs)
    answer: dict[str, Any] = {"spreadsheetId": call.path["file_id"], "replies": replies}
    if call.body.get("includeSpreadsheetInResponse"):
        answer["updatedSpreadsheet"] = _answer(call.path["file_id"], change.title, change.tabs)
    return answer


def _title(call: Call) -> str:
    row = call.state.db.execute("SELECT name FROM google_file WHERE file_id = ?", [call.path["file_id"]]).fetchone()
    if row is None:
        raise GoogleError(404, "Requested entity was not found.")
    return str(row["name"])


def _answer(file_id: str, title: str, tabs: list[Tab], is_with_cells: bool = False) -> dict[str, Any]:
    return {
        "spreadsheetId": file_id,
        "properties": {"title": title, "locale": "en_US", "timeZone": "Etc/GMT"},
        "sheets": [
            {"properties": one.properties}
            | {kind: kept for kind, kept in one.kept.items() if kept}
            | ({"data": [_grid(one)]} if is_with_cells else {})
            for one in tabs
        ],
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{file_id}/edit",
    }


def _grid(one: Tab) -> dict[str, Any]:
    rows, columns = one.used()
    return {
        "rowData": [
            {"values": [_cell(one.cells.get((row, column), Cell())) for column in range(columns)]}
            for row in range(rows)
        ],
        "columnMetadata": [{"pixelSize": one.column_widths.get(column, 100)} for column in range(columns)],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    if cell.value is not None:
        kind = "formulaValue" if cell.is_formula else _kind(cell.value)
        answer |= {"userEnteredValue": {kind: cell.value}, "formattedValue": numbers.shown(cell)}
        if not cell.is_formula:
            answer["effectiveValue"] = answer["userEnteredValue"]
    if cell.format:
        answer |= {"userEnteredFormat": cell.format, "effectiveFormat": cell.format}
    return answer


def _kind(value: tab.Value) -> str:
    if isinstance(value, bool):
        return "boolValue"
    return "stringValue" if isinstance(value, str) else "numberValue"
