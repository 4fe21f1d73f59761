"""Tables too long for one request to Google Sheets: written in batches into a hidden draft, then shown at once."""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from include.google.client import Google
from include.google.drive import SpreadsheetFile, find_or_create, share
from include.google.patience import patiently
from include.google.sheets import HEADER, Cell, drop_first_tab, read_tabs

# Google recommends at most 2 MB a request: https://developers.google.com/workspace/sheets/api/limits
BATCH_BYTES = 1_500_000
# A spreadsheet holds 10 million cells; a draft and the tab that it replaces must fit in beside the others.
MOST_CELLS = 4_000_000

Row = Sequence[Cell]


def replace_long_tab(
    google: Google,
    spreadsheet: str,
    tab: str,
    headings: Sequence[str],
    rows: Iterable[Row],
    row_count: int,
    *,
    share_with: Sequence[str],
) -> str:
    """Makes the tab hold exactly these rows, of which a batch at a time is held here.

    Readers see the old tab or the new one and nothing between, and links to it stay valid: batches go into a hidden
    draft, and one batchUpdate copies it into the tab (docs/decisions/0088-tabs-longer-than-a-request.md). Six calls,
    and one more for every 1.5 MB.

    :param row_count: of `rows`; the draft is made so long.
    :returns: the tab's address.
    :raises ValueError: more cells than `MOST_CELLS`.
    :raises gspread.exceptions.APIError, googleapiclient.errors.HttpError: Google keeps refusing.
    """
    _check_size(tab, len(headings), row_count)
    file = find_or_create(google, spreadsheet)
    share(google, file.id, share_with)
    return write_long_tab(google, file, tab, headings, rows, row_count)


def write_long_tab(
    google: Google,
    file: SpreadsheetFile,
    tab: str,
    headings: Sequence[str],
    rows: Iterable[Row],
    row_count: int,
    *,
    formats: Mapping[int, dict[str, Any]] | None = None,
    index: int = 0,
) -> str:
    """The same in a spreadsheet that is known, with the looks of its columns.

    :param formats: column, counted from 0 → CellFormat of its numbers.
    :param index: where the tab stands if it is new, counted from 0.
    """
    _check_size(tab, len(headings), row_count)
    size = {"rowCount": max(row_count + 1, 2), "columnCount": len(headings), "frozenRowCount": 1}
    draft = f"{tab} (being written)"
    draft_id = patiently(lambda: _make_draft(google, file, draft, size))
    quoted = draft.replace("'", "''")
    top = 1
    for batch in _batches(headings, rows):
        patiently(partial(_write, google, file, f"'{quoted}'!A{top}", batch))
        top += len(batch)
    tab_id = patiently(lambda: _show(google, file, tab, draft_id, size, formats or {}, index))
    return f"{file.url}#gid={tab_id}"


def _check_size(tab: str, column_count: int, row_count: int) -> None:
    if (cell_count := (row_count + 1) * column_count) > MOST_CELLS:
        raise ValueError(f"{tab} would have {cell_count:,} cells; a tab may have {MOST_CELLS:,}")


def _make_draft(google: Google, file: SpreadsheetFile, draft: str, size: dict[str, int]) -> int:
    """In the place of one that a run left behind, or that a lost reply made."""
    draft_id = random.randrange(1, 2**31)
    left_behind = read_tabs(google, file).get(draft)
    properties = {"sheetId": draft_id, "title": draft, "hidden": True, "gridProperties": size}
    requests: list[dict[str, Any]] = [{"deleteSheet": {"sheetId": left_behind.id}}] if left_behind else []
    requests.append({"addSheet": {"properties": properties}})
    google.sheets.batch_update(file.id, {"requests": requests})
    return draft_id


def _write(google: Google, file: SpreadsheetFile, place: str, batch: list[list[str | int | float | None]]) -> None:
    """RAW: text stays text, also when it begins with ``=``."""
    google.sheets.values_update(file.id, place, params={"valueInputOption": "RAW"}, body={"values": batch})


def _show(
    google: Google,
    file: SpreadsheetFile,
    tab: str,
    draft_id: int,
    size: dict[str, int],
    formats: Mapping[int, dict[str, Any]],
    index: int,
) -> int:
    """The draft becomes the tab, or is copied into the one that there is. A lost reply finds that done."""
    tabs = read_tabs(google, file)
    found = tabs.get(tab)
    if found is not None and (found.id == draft_id or draft_id not in {each.id for each in tabs.values()}):
        return found.id
    whole_draft = {"sheetId": draft_id}
    requests: list[dict[str, Any]] = [
        _look(whole_draft | {"startColumnIndex": column, "endColumnIndex": column + 1}, look)
        for column, look in formats.items()
    ]
    requests += [
        _look(whole_draft | {"startRowIndex": 0, "endRowIndex": 1}, HEADER),
        {"autoResizeDimensions": {"dimensions": whole_draft | {"dimension": "COLUMNS"}}},
    ]
    if found is None:
        shown = whole_draft | {"title": tab, "hidden": False, "index": index}
        requests.append({"updateSheetProperties": {"properties": shown, "fields": "title,hidden,index"}})
        others = [each for each in tabs.values() if each.id != draft_id]
        requests.extend(drop_first_tab(file, others))
    else:
        whole_tab = {"sheetId": found.id}
        grid = "gridProperties(rowCount,columnCount,frozenRowCount)"
        properties = whole_tab | {"gridProperties": size}
        requests.append({"updateSheetProperties": {"properties": properties, "fields": grid}})
        requests.append({"copyPaste": {"source": whole_draft, "destination": whole_tab, "pasteType": "PASTE_NORMAL"}})
        requests.append({"autoResizeDimensions": {"dimensions": whole_tab | {"dimension": "COLUMNS"}}})
        requests.append({"deleteSheet": whole_draft})
    google.sheets.batch_update(file.id, {"requests": requests})
    return draft_id if found is None else found.id


def _look(place: dict[str, int], look: dict[str, Any]) -> dict[str, Any]:
    return {"repeatCell": {"range": place, "cell": {"userEnteredFormat": look}, "fields": "userEnteredFormat"}}


def _batches(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[list[list[str | int | float | None]]]:
    batch: list[list[str | int | float | None]] = [list(headings)]
    size = 0
    for row in rows:
        cells = [float(cell) if isinstance(cell, Decimal) else cell for cell in row]
        size += len(json.dumps(cells)) + 2
        batch.append(cells)
        if size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
