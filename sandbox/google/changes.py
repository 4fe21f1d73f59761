"""The requests that `spreadsheets.batchUpdate` takes. Those that only change looks are accepted and kept."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from sandbox.google import charts, fields, tab
from sandbox.google.change import Change, Wish
from sandbox.google.errors import GoogleError
from sandbox.google.fields import Mask
from sandbox.google.tab import Tab

PLACES = {"range", "ranges"}


def add_sheet(change: Change, wish: Wish) -> Wish:
    properties = dict(wish.get("properties", {}))
    sheet_id = properties.pop("sheetId", None)
    title = properties.pop("title", f"Sheet{len(change.tabs) + 1}")
    index = properties.pop("index", len(change.tabs))
    if sheet_id is None:
        sheet_id = random.randrange(1, 2**31)
    if any(one.id == sheet_id for one in change.tabs):
        raise GoogleError(400, f"Sheet with id {sheet_id} already exists.")
    change.check_title(title)
    one = Tab(tab.new_properties(sheet_id, title, index, **properties))
    one.resize(*one.size)
    change.tabs.insert(index, one)
    return {"properties": one.properties}


def delete_sheet(change: Change, wish: Wish) -> None:
    one = change.tab(wish["sheetId"])
    if len(change.tabs) == 1:
        raise GoogleError(400, "You can't remove all the sheets in a document.")
    change.tabs.remove(one)


def update_sheet_properties(change: Change, wish: Wish) -> None:
    properties = wish.get("properties", {})
    one = change.tab(properties.get("sheetId", 0))
    grid = dict(one.properties["gridProperties"])
    for name, inner in _mask(wish).items():
        if name == "gridProperties":
            given = properties.get("gridProperties", {})
            grid |= {part: given.get(part, 0) for part in inner or given}
        elif name == "title":
            change.check_title(properties["title"], but=one.id)
            one.properties["title"] = properties["title"]
        elif name == "index":
            change.tabs.remove(one)
            change.tabs.insert(properties["index"], one)
        else:
            one.properties[name] = properties.get(name)
    one.resize(grid["rowCount"], grid["columnCount"])
    one.properties["gridProperties"] = grid


def update_spreadsheet_properties(change: Change, wish: Wish) -> None:
    if "title" in _mask(wish):
        change.title = wish["properties"]["title"]


def update_cells(change: Change, wish: Wish) -> None:
    """Writes rows from `start`, or into `range`, whose rest is cleared of the named fields."""
    if "start" in wish:
        one = change.tab(wish["start"].get("sheetId", 0))
        top, left = wish["start"].get("rowIndex", 0), wish["start"].get("columnIndex", 0)
    else:
        one, (top, left, bottom, right) = change.range(wish["range"])
        for row, column in list(one.cells):
            if top <= row < bottom and left <= column < right:
                _set(one, row, column, {}, _mask(wish))
    for down, row_data in enumerate(wish.get("rows", [])):
        for across, data in enumerate(row_data.get("values", [])):
            _set(one, top + down, left + across, data, _mask(wish))


def repeat_cell(change: Change, wish: Wish) -> None:
    one, (top, left, bottom, right) = change.range(wish["range"])
    # Looks beyond the used cells would cost a cell each and show nothing.
    used_rows, used_columns = one.used()
    for row in range(top, min(bottom, max(used_rows, top + 1))):
        for column in range(left, min(right, max(used_columns, left + 1))):
            _set(one, row, column, wish.get("cell", {}), _mask(wish))


def update_dimension_properties(change: Change, wish: Wish) -> None:
    one, columns = _columns(change, wish["range"])
    width = wish.get("properties", {}).get("pixelSize")
    if width is not None:
        one.column_widths |= dict.fromkeys(columns, width)


def auto_resize_dimensions(change: Change, wish: Wish) -> None:
    one, columns = _columns(change, wish["dimensions"])
    longest = dict.fromkeys(columns, 0)
    for (_, column), cell in one.cells.items():
        if column in longest and cell.value is not None:
            longest[column] = max(longest[column], len(str(cell.value)))
    one.column_widths |= {column: 20 + 8 * (length or 4) for column, length in longest.items()}


def append_dimension(change: Change, wish: Wish) -> None:
    one = change.tab(wish.get("sheetId", 0))
    rows, columns = one.size
    is_rows = wish["dimension"] == "ROWS"
    one.resize(rows + wish["length"] * is_rows, columns + wish["length"] * (not is_rows))


def copy_paste(change: Change, wish: Wish) -> None:
    """Values and looks; what is copied is written in full, also beyond a smaller destination."""
    source, (top, left, bottom, right) = change.range(wish["source"])
    target, (to_top, to_left, _, _) = change.range(wish["destination"])
    for row in range(top, bottom):
        for column in range(left, right):
            at = (to_top + row - top, to_left + column - left)
            if (cell := source.cells.get((row, column))) is not None:
                target.cell(*at)
                target.cells[at] = replace(cell)
            else:
                target.cells.pop(at, None)


def clear_basic_filter(change: Change, wish: Wish) -> None:
    change.tab(wish.get("sheetId", 0)).kept.pop("setBasicFilter", None)


def keep(kind: str) -> Callable[[Change, Wish], None]:
    """A request that changes looks only: it is noted on the tab that its range names."""

    def kept(change: Change, wish: Wish) -> None:
        inner = next((part for part in wish.values() if isinstance(part, dict) and part.keys() & PLACES), wish)
        place = inner["ranges"][0] if "ranges" in inner else inner.get("range", inner)
        change.tab(place.get("sheetId", 0)).kept.setdefault(kind, []).append(wish)

    return kept


CHANGES: dict[str, Callable[[Change, Wish], Wish | None]] = {
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "updateSheetProperties": update_sheet_properties,
    "updateSpreadsheetProperties": update_spreadsheet_properties,
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "updateDimensionProperties": update_dimension_properties,
    "autoResizeDimensions": auto_resize_dimensions,
    "appendDimension": append_dimension,
    "copyPaste": copy_paste,
    "addChart": charts.add_chart,
    "updateChartSpec": charts.update_chart_spec,
    "deleteEmbeddedObject": charts.delete_embedded_object,
    **{
        kind: keep(kind)
        for kind in (
            "updateBorders",
            "mergeCells",
            "setBasicFilter",
            "addBanding",
            "addConditionalFormatRule",
            "setDataValidation",
            "addProtectedRange",
        )
    },
    "clearBasicFilter": clear_basic_filter,
}


def _mask(wish: Wish) -> Mask:
    if not wish.get("fields"):
        raise GoogleError(400, "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return fields.parse(wish["fields"])


def _columns(change: Change, wish: Wish) -> tuple[Tab, Iterator[int]]:
    one = change.tab(wish.get("sheetId", 0))
    if wish.get("dimension") != "COLUMNS":
        return one, iter(())
    return one, iter(range(wish.get("startIndex", 0), wish.get("endIndex", one.size[1])))


def _set(one: Tab, row: int, column: int, data: Wish, mask: Mask) -> None:
    cell = one.cell(row, column)
    if "userEnteredValue" in mask or "*" in mask:
        kind, value = next(iter(data.get("userEnteredValue", {}).items()), ("", None))
        cell.value, cell.is_formula = value, kind == "formulaValue"
    if "userEnteredFormat" in mask or "*" in mask:
        given = data.get("userEnteredFormat", {})
        parts = mask.get("userEnteredFormat") or {**cell.format, **given}
        kept = {part: value for part, value in cell.format.items() if part not in parts}
        cell.format = kept | {part: given[part] for part in parts if part in given}
    if cell.value is None and not cell.format:
        del one.cells[row, column]
