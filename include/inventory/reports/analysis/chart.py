"""What one picture can show: the groups that matter most, over the periods."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from include.config.period import Period
from include.google.charts import Chart
from include.inventory.reports.analysis.reading import Row
from include.inventory.reports.analysis.request import GroupBy, Measure, Request
from include.inventory.reports.analysis.table import value_cell
from include.outputs.csv_file import Cell

MOST_SERIES = 8
MOST_COLUMNS = 31
MOST_GROUPS = 20


@dataclass
class Sums:
    """The measure's sums by group and period, of one currency; `follow` adds up what passes by.

    Quantities of different ingredients cannot be added: of these there are no others.
    """

    request: Request
    by_currency: dict[str, dict[str, dict[date, Decimal | int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    )

    def follow(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.by_currency[row.currency][self._label(row)][row.period_date] += row.value(self.request.measure)
            yield row

    def _label(self, row: Row) -> str:
        """The group in one piece of text; of an ingredient the unit matters where quantities are told."""
        is_money = self.request.measure is not Measure.QUANTITY
        detail = "" if is_money and self.request.group_by is GroupBy.INGREDIENT else row.detail
        name = f"{row.name} ({detail})" if detail else row.name
        return f"{name}, {row.location_name}" if row.location_name else name

    @property
    def currency(self) -> str:
        """The one with the most groups: a chart shows one."""
        return max(self.by_currency, key=lambda currency: len(self.by_currency[currency]), default="")

    @property
    def totals(self) -> list[tuple[str, Decimal | int]]:
        """Group and sum over all periods, the largest first."""
        groups = self.by_currency.get(self.currency, {})
        return sorted(
            ((label, sum(periods.values())) for label, periods in groups.items()), key=lambda one: (-one[1], one[0])
        )


def chart_table(sums: Sums) -> tuple[list[Sequence[Cell]], Chart]:
    """The rows of a small table, the headings first, and the chart over it.

    One period: a column for each of the largest groups. Several: a column for each period, of the largest groups on one
    another; many: lines.
    """
    request = sums.request
    title = f"{request.measure.capitalize()} by {request.grouping}, {request.first} to {request.last}"
    unit = "" if request.measure is Measure.QUANTITY else sums.currency
    groups = sums.by_currency.get(sums.currency, {})
    dates = sorted({day for periods in groups.values() for day in periods})
    if len(dates) < 2:
        rows: list[Sequence[Cell]] = [(request.group_by.capitalize(), request.measure.capitalize())]
        rows += [(label, value_cell(sum_, unit)) for label, sum_ in sums.totals[:MOST_GROUPS]]
        return rows, Chart(title, "COLUMN", series_columns=[1], value_title=unit)
    shown = [label for label, _ in sums.totals[:MOST_SERIES]]
    others = [label for label, _ in sums.totals[MOST_SERIES:]]
    is_additive = not (request.measure is Measure.QUANTITY and request.group_by is GroupBy.INGREDIENT)
    headings = [request.grain.capitalize(), *shown, *(["Others"] if others and is_additive else [])]
    rows = [headings]
    for day in dates:
        cells = [value_cell(groups[label].get(day, 0), unit) for label in shown]
        if others and is_additive:
            cells.append(value_cell(sum(groups[label].get(day, 0) for label in others), unit))
        rows.append((Period.around(request.grain, day).slug, *cells))
    is_long = len(dates) > MOST_COLUMNS
    return rows, Chart(
        title,
        "LINE" if is_long else "COLUMN",
        series_columns=range(1, len(headings)),
        value_title=unit,
        is_stacked=is_additive and not is_long,
    )
