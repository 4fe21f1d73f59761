"""A basic chart of a tab, laid out for an SVG: columns, side by side or stacked, or lines."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.google import numbers
from sandbox.google.tab import Cell, Tab

WIDTH, HEIGHT = 760, 320
LEFT, RIGHT, TOP, BOTTOM = 92, 10, 12, 34
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
# Of a label's letter on a telephone, in the viewBox; and the gap to the next label.
LETTER, GAP = 12, 16
COLOURS = 10


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    colour: int
    tip: str


@dataclass(frozen=True)
class Line:
    points: str
    colour: int


@dataclass(frozen=True)
class Mark:
    """A tick of an axis: where it is, along that axis, and what it says."""

    at: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """Coordinates of a viewBox of `width` by `height`. `series` are the legend's names, numbered like the colours."""

    title: str
    series: list[str]
    bars: list[Bar]
    lines: list[Line]
    x_marks: list[Mark]
    y_marks: list[Mark]
    base: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


@dataclass(frozen=True)
class Series:
    name: str
    values: list[float]


def drawings(one: Tab) -> list[Drawing]:
    """The tab's column and line charts whose data lie on the tab itself; others are not drawn."""
    return [
        drawing
        for chart in one.kept.get("charts", [])
        if (drawing := _drawing(one, chart["spec"].get("title", ""), chart["spec"].get("basicChart", {})))
    ]


def _drawing(one: Tab, title: str, basic: dict[str, Any]) -> Drawing | None:
    header_count = basic.get("headerCount", 0)
    domain = [_cells(one, each["domain"]) for each in basic.get("domains", [])]
    series = [
        Series(
            numbers.shown(cells[0]) if header_count else f"Series {number}",
            [_number(cell) for cell in cells[header_count:]],
        )
        for number, each in enumerate(basic.get("series", []), start=1)
        if (cells := _cells(one, each["series"]))
    ]
    count = max((len(each.values) for each in series), default=0)
    if basic.get("chartType") not in ("COLUMN", "LINE") or not count:
        return None
    labels = [numbers.shown(cell) for cell in domain[0][header_count:]] if domain else [""] * count
    is_stacked = basic.get("stackedType") == "STACKED" and basic["chartType"] == "COLUMN"
    low, high, step = _scale(series, count, is_stacked)

    def y(value: float) -> float:
        return round(TOP + PLOT_HEIGHT * (high - value) / (high - low), 1)

    is_line = basic["chartType"] == "LINE"
    slot = PLOT_WIDTH / count
    every = math.ceil((max(map(len, labels)) * LETTER + GAP) / slot)
    ticks = [low + number * step for number in range(round((high - low) / step) + 1)]
    return Drawing(
        title=title,
        series=[each.name for each in series],
        bars=[] if is_line else list(_bars(series, labels, slot, is_stacked, y)),
        lines=list(_lines(series, slot, y)) if is_line else [],
        x_marks=[Mark(round(LEFT + (at + 0.5) * slot, 1), label) for at, label in enumerate(labels) if at % every == 0],
        y_marks=[Mark(y(tick), f"{tick:,.10g}") for tick in ticks],
        base=y(0),
    )


def _bars(series: Sequence[Series], labels: Sequence[str], slot: float, is_stacked: bool, y: Any) -> Iterator[Bar]:
    width = slot * 0.7 / (1 if is_stacked else len(series))
    above, below = [0.0] * len(labels), [0.0] * len(labels)
    for number, each in enumerate(series):
        for at, value in enumerate(each.values):
            if not value:
                continue
            pile = above if value > 0 else below
            start = pile[at] if is_stacked else 0.0
            if is_stacked:
                pile[at] += value
            first, last = sorted((y(start), y(start + value)))
            x = LEFT + at * slot + slot * 0.15 + (0 if is_stacked else number * width)
            tip = f"{each.name}, {labels[at]}: {value:,.10g}"
            yield Bar(round(x, 1), first, round(width, 1), round(last - first, 1), number % COLOURS, tip)


def _lines(series: Sequence[Series], slot: float, y: Any) -> Iterator[Line]:
    for number, each in enumerate(series):
        points = (f"{LEFT + (at + 0.5) * slot:.1f},{y(value)}" for at, value in enumerate(each.values))
        yield Line(" ".join(points), number % COLOURS)


def _scale(series: Sequence[Series], count: int, is_stacked: bool) -> tuple[float, float, float]:
    """Lowest and highest value of the axis, which holds 0, and the step between its ticks: about five."""
    if is_stacked:
        columns = [[each.values[at] for each in series if at < len(each.values)] for at in range(count)]
        highest = max(sum(value for value in column if value > 0) for column in columns)
        lowest = min(sum(value for value in column if value < 0) for column in columns)
    else:
        highest = max(max(each.values, default=0) for each in series)
        lowest = min(min(each.values, default=0) for each in series)
    span = max(highest, 0) - min(lowest, 0) or 1
    rough = span / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    low, high = math.floor(min(lowest, 0) / step) * step, math.ceil(max(highest, 0) / step) * step
    return low, high if high > low else low + step, step


def _cells(one: Tab, data: dict[str, Any]) -> list[Cell]:
    """A chart's data in order; empty where they lie on another tab."""
    cells = []
    for source in data.get("sourceRange", {}).get("sources", []):
        if source.get("sheetId", 0) != one.id:
            return []
        rows = range(source.get("startRowIndex", 0), source.get("endRowIndex", one.size[0]))
        columns = range(source.get("startColumnIndex", 0), source.get("endColumnIndex", one.size[1]))
        cells += [one.cells.get((row, column), Cell()) for row in rows for column in columns]
    return cells


def _number(cell: Cell) -> float:
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    return float(cell.value) if is_number and cell.value is not None else 0.0
