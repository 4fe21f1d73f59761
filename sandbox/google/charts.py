"""Charts on a tab: what `batchUpdate` does with them. They are kept as Google's EmbeddedChart."""

import random
from collections.abc import Iterator
from typing import Any

from sandbox.google.change import Change, Wish
from sandbox.google.errors import GoogleError
from sandbox.google.tab import Tab

Chart = dict[str, Any]
KINDS = {"BAR", "LINE", "AREA", "COLUMN", "SCATTER", "COMBO", "STEPPED_AREA"}


def add_chart(change: Change, wish: Wish) -> Wish:
    chart = {"chartId": random.randrange(1, 2**31)} | wish.get("chart", {})
    if any(one["chartId"] == chart["chartId"] for one in _all(change)):
        raise GoogleError(400, f"Embedded object with id {chart['chartId']} already exists.")
    _check(change, chart.get("spec"))
    anchor = chart.get("position", {}).get("overlayPosition", {}).get("anchorCell", {})
    one = change.tab(anchor.get("sheetId", change.tabs[0].id))
    rows, columns = one.size
    if anchor.get("rowIndex", 0) >= rows or anchor.get("columnIndex", 0) >= columns:
        raise GoogleError(400, "The anchor cell lies outside the grid.")
    one.kept.setdefault("charts", []).append(chart)
    return {"chart": chart}


def update_chart_spec(change: Change, wish: Wish) -> None:
    _check(change, wish.get("spec"))
    for chart in _all(change):
        if chart["chartId"] == wish["chartId"]:
            chart["spec"] = wish["spec"]
            return
    raise GoogleError(400, f"No chart with id: {wish['chartId']}")


def delete_embedded_object(change: Change, wish: Wish) -> None:
    for one in change.tabs:
        for chart in _of(one):
            if chart["chartId"] == wish["objectId"]:
                _of(one).remove(chart)
                return
    raise GoogleError(400, f"No object with id: {wish['objectId']}")


def _of(one: Tab) -> list[Chart]:
    return one.kept.get("charts", [])


def _all(change: Change) -> Iterator[Chart]:
    for one in change.tabs:
        yield from _of(one)


def _check(change: Change, spec: Wish | None) -> None:
    """A basic chart must have a known type, and series as long as its domain, on tabs that exist."""
    if not spec:
        raise GoogleError(400, "No chart spec was specified.")
    if "basicChart" not in spec:
        return
    basic = spec["basicChart"]
    if basic.get("chartType") not in KINDS:
        raise GoogleError(400, f"Invalid value at 'chart_type': \"{basic.get('chartType')}\"")
    if not basic.get("series"):
        raise GoogleError(400, "At least one series must be specified.")
    lengths = {
        _length(change, data)
        for data in (
            *(each.get("domain", {}) for each in basic.get("domains", [])),
            *(each.get("series", {}) for each in basic["series"]),
        )
    }
    if len(lengths) > 1:
        raise GoogleError(400, "The domain and all series must have the same number of source ranges and lengths.")


def _length(change: Change, data: Wish) -> int:
    length = 0
    for source in data.get("sourceRange", {}).get("sources", []):
        _, (top, left, bottom, right) = change.range(source)
        if 1 not in (bottom - top, right - left):
            raise GoogleError(400, "Exactly one dimension of a chart's source range must have a length of 1.")
        length += max(bottom - top, right - left)
    return length
