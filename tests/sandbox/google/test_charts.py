"""Charts, and copying, as `batchUpdate` takes them."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

Api = Callable[..., httpx.Response]


def source(column: int, rows: int = 3, sheet_id: int = 0) -> dict[str, Any]:
    area = {"startRowIndex": 0, "endRowIndex": rows, "startColumnIndex": column, "endColumnIndex": column + 1}
    return {"sourceRange": {"sources": [{"sheetId": sheet_id, **area}]}}


def spec(**basic: Any) -> dict[str, Any]:
    usual = {"chartType": "COLUMN", "domains": [{"domain": source(0)}], "series": [{"series": source(1)}]}
    return {"title": "Net", "basicChart": usual | basic}


@pytest.fixture
def file_id(api: Api) -> str:
    return str(api("POST", "/v4/spreadsheets", json={}).json()["spreadsheetId"])


def change(api: Api, file_id: str, **request: Any) -> httpx.Response:
    return api("POST", f"/v4/spreadsheets/{file_id}:batchUpdate", json={"requests": [request]})


def charts(api: Api, file_id: str) -> list[dict[str, Any]]:
    (sheet,) = api("GET", f"/v4/spreadsheets/{file_id}").json()["sheets"]
    return list(sheet.get("charts", []))


def test_a_chart_is_kept_changed_and_deleted(api: Api, file_id: str) -> None:
    position = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 1, "columnIndex": 4}}}
    reply = change(api, file_id, addChart={"chart": {"spec": spec(), "position": position}}).json()["replies"][0]
    chart_id = reply["addChart"]["chart"]["chartId"]
    assert charts(api, file_id) == [{"chartId": chart_id, "spec": spec(), "position": position}]

    change(api, file_id, updateChartSpec={"chartId": chart_id, "spec": spec(chartType="LINE")}).raise_for_status()
    assert charts(api, file_id) == [{"chartId": chart_id, "spec": spec(chartType="LINE"), "position": position}]

    change(api, file_id, deleteEmbeddedObject={"objectId": chart_id}).raise_for_status()
    assert charts(api, file_id) == []


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"addChart": {"chart": {}}}, "No chart spec"),
        ({"addChart": {"chart": {"spec": spec(chartType="PIE")}}}, "chart_type"),
        ({"addChart": {"chart": {"spec": spec(series=[])}}}, "At least one series"),
        ({"addChart": {"chart": {"spec": spec(series=[{"series": source(1, rows=4)}])}}}, "same number"),
        ({"addChart": {"chart": {"spec": spec(series=[{"series": source(1, sheet_id=7)}])}}}, "No grid with id: 7"),
        ({"updateChartSpec": {"chartId": 7, "spec": spec()}}, "No chart with id: 7"),
        ({"deleteEmbeddedObject": {"objectId": 7}}, "No object with id: 7"),
    ],
)
def test_what_google_would_refuse_is_refused(api: Api, file_id: str, request_: dict[str, Any], message: str) -> None:
    answer = change(api, file_id, **request_)
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]
    assert charts(api, file_id) == []


def test_copied_cells_keep_values_and_looks_and_empty_the_rest(api: Api, file_id: str) -> None:
    rows = [["Item", "Net"], ["Soup", None]]
    change(api, file_id, addSheet={"properties": {"sheetId": 5, "title": "Draft", "hidden": True}})
    for place, values in (("A1", [["old", "old"], ["old", "old"]]), ("Draft!A1", rows)):
        data = {"valueInputOption": "RAW", "data": [{"range": place, "values": values}]}
        api("POST", f"/v4/spreadsheets/{file_id}/values:batchUpdate", json=data).raise_for_status()

    change(api, file_id, copyPaste={"source": {"sheetId": 5}, "destination": {"sheetId": 0}}).raise_for_status()

    assert api("GET", f"/v4/spreadsheets/{file_id}/values/Sheet1").json()["values"] == [["Item", "Net"], ["Soup"]]
