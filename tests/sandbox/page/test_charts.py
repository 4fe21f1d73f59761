"""The charts of a tab as the page draws them."""

from typing import Any

import pytest

from sandbox.google.tab import Cell, Tab, new_properties
from sandbox.page.charts import Drawing, drawings

ROWS: list[list[Any]] = [["Day", "Cheese", "Flour"], ["Mon", 10, 30], ["Tue", 20, -10]]


def column(number: int) -> dict[str, Any]:
    area = {"startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": number, "endColumnIndex": number + 1}
    return {"sourceRange": {"sources": [{"sheetId": 0, **area}]}}


def draw(**basic: Any) -> Drawing:
    spec = {
        "headerCount": 1,
        "domains": [{"domain": column(0)}],
        "series": [{"series": column(1)}, {"series": column(2)}],
        **basic,
    }
    cells = {(row, at): Cell(value) for row, values in enumerate(ROWS) for at, value in enumerate(values)}
    kept = {"charts": [{"chartId": 1, "spec": {"title": "Use", "basicChart": spec}}]}
    (drawing,) = drawings(Tab(new_properties(0, "Use", 0), {}, kept, lambda _: cells))
    return drawing


def test_columns_stand_side_by_side_on_the_line_of_zero() -> None:
    drawing = draw(chartType="COLUMN")
    assert drawing.series == ["Cheese", "Flour"]
    assert [mark.text for mark in drawing.x_marks] == ["Mon", "Tue"]
    assert [mark.text for mark in drawing.y_marks] == ["-10", "0", "10", "20", "30"]
    heights = {bar.tip: bar.height for bar in drawing.bars}
    assert heights["Flour, Mon: 30"] == pytest.approx(3 * heights["Cheese, Mon: 10"], abs=0.2)
    above, below = (
        next(bar for bar in drawing.bars if bar.tip.startswith(name)) for name in ("Flour, Mon", "Flour, T")
    )
    assert above.y + above.height == pytest.approx(drawing.base, abs=0.1)
    assert below.y == drawing.base


def test_stacked_columns_stand_on_one_another() -> None:
    drawing = draw(chartType="COLUMN", stackedType="STACKED")
    lower, upper = (next(bar for bar in drawing.bars if bar.tip.startswith(name)) for name in ("Cheese, M", "Flour, M"))
    assert upper.x == lower.x
    assert upper.y + upper.height == pytest.approx(lower.y, abs=0.1)


def test_lines_have_a_point_for_every_value() -> None:
    drawing = draw(chartType="LINE")
    assert drawing.bars == []
    assert [len(line.points.split()) for line in drawing.lines] == [2, 2]


def test_a_chart_of_another_kind_is_not_drawn() -> None:
    kept = {"charts": [{"chartId": 1, "spec": {"title": "Use", "pieChart": {}}}]}
    assert drawings(Tab(new_properties(0, "Use", 0), {}, kept)) == []
