"""Charts on a tab: a basic column or line chart over the tab's own columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

# Where a chart stands: right of the table, in columns that are added for it.
FREE_COLUMNS = 12


@dataclass(frozen=True)
class Chart:
    """A chart of a whole tab, or of some of its rows.

    :param title: tells it from the tab's other charts: a tab that is written again changes the chart of this title.
    :param label_column: counted from 0; what stands below the columns.
    :param series_columns: the numbers, a series each; their headings are the legend.
    :param rows: the first row, which holds the headings, and the one after the last, counted from 0; None: all.
    :param anchor: row and column of its upper left corner, counted from 0; None: beside the table.
    """

    title: str
    kind: Literal["COLUMN", "LINE"]
    series_columns: Sequence[int]
    label_column: int = 0
    value_title: str = ""
    is_stacked: bool = False
    rows: tuple[int, int] | None = None
    anchor: tuple[int, int] | None = None
    width_pixels: int = 900
    height_pixels: int = 440


def chart_request(
    chart: Chart, tab_id: int, row_count: int, column_count: int, known: Mapping[str, int]
) -> dict[str, Any]:
    """The request of a batchUpdate that makes the chart, or changes it where people may have moved it to.

    :param row_count: of the tab, with one row of headings.
    :param column_count: of the tab's table; the chart is put beside it.
    :param known: title → id of the charts that the tab has.
    """
    spec = _spec(chart, tab_id, row_count)
    if (chart_id := known.get(chart.title)) is not None:
        return {"updateChartSpec": {"chartId": chart_id, "spec": spec}}
    row, column = chart.anchor or (1, column_count + 1)
    place = {
        "anchorCell": {"sheetId": tab_id, "rowIndex": row, "columnIndex": column},
        "widthPixels": chart.width_pixels,
        "heightPixels": chart.height_pixels,
    }
    return {"addChart": {"chart": {"spec": spec, "position": {"overlayPosition": place}}}}


def _spec(chart: Chart, tab_id: int, row_count: int) -> dict[str, Any]:
    first_row, end_row = chart.rows or (0, row_count)

    def column(number: int) -> dict[str, Any]:
        source = {
            "sheetId": tab_id,
            "startRowIndex": first_row,
            "endRowIndex": end_row,
            "startColumnIndex": number,
            "endColumnIndex": number + 1,
        }
        return {"sourceRange": {"sources": [source]}}

    basic: dict[str, Any] = {
        "chartType": chart.kind,
        "legendPosition": "BOTTOM_LEGEND",
        "headerCount": 1,
        "axis": [{"position": "LEFT_AXIS", "title": chart.value_title}],
        "domains": [{"domain": column(chart.label_column)}],
        "series": [{"series": column(number), "targetAxis": "LEFT_AXIS"} for number in chart.series_columns],
    }
    if chart.is_stacked:
        basic["stackedType"] = "STACKED"
    return {"title": chart.title, "basicChart": basic}
