"""Holding a report's rows to its rules while they stream by, in constant memory."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from include.sql_reports.definitions.rules import Freshness, NotNull, OnBreach, Range, RowCount, Rule, Unique
from include.sql_reports.making.duplicates import Duplicates


@dataclass(frozen=True)
class Breach:
    """:param rule: in words. :param message: how the rows break it; holds no values of rows but numbers and times."""

    rule: str
    message: str
    on_breach: OnBreach

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class _Check(Protocol):
    """One rule, row by row."""

    def row(self, cells: Sequence[Any]) -> None: ...
    def breach(self, row_count: int) -> str | None:
        """How the rows break the rule; None: they do not."""


class Checking:
    """
    :param now: when the run was due.
    :param timezone: the report's: days end by it, and times without one are in it.
    """

    def __init__(self, rules: Sequence[Rule], now: datetime, timezone: str) -> None:
        self.rules = rules
        self._now, self._zone = now, ZoneInfo(timezone)
        self._checks: list[tuple[Rule, _Check]] = []
        self._lacking: list[Breach] = []

    @property
    def needs_rows(self) -> bool:
        """Whether counting them is not enough."""
        return any(not isinstance(rule, RowCount) for rule in self.rules)

    def begin(self, columns: Sequence[str]) -> None:
        for rule in self.rules:
            named = _columns_of(rule)
            if lacking := [name for name in named if name not in columns]:
                message = f"the statement has no column {lacking[0]}"
                self._lacking.append(Breach(str(rule), message, rule.on_breach))
            elif named:
                self._checks.append((rule, self._check(rule, [columns.index(name) for name in named])))

    def row(self, cells: Sequence[Any]) -> None:
        for _, check in self._checks:
            check.row(cells)

    def breaches(self, row_count: int) -> list[Breach]:
        """What was broken, in the order of the rules."""
        found = list(self._lacking)
        for rule in self.rules:
            if isinstance(rule, RowCount) and (message := _row_count(rule, row_count)):
                found.append(Breach(str(rule), message, rule.on_breach))
        for rule, check in self._checks:
            if message := check.breach(row_count):
                found.append(Breach(str(rule), message, rule.on_breach))
        return sorted(found, key=lambda breach: [str(rule) for rule in self.rules].index(breach.rule))

    def close(self) -> None:
        for _, check in self._checks:
            if isinstance(check, _UniqueCheck):
                check.duplicates.close()

    def _check(self, rule: Rule, columns: list[int]) -> _Check:
        match rule:
            case NotNull():
                return _NotNullCheck(columns[0])
            case Unique():
                return _UniqueCheck(columns)
            case Range():
                return _RangeCheck(columns[0], rule)
            case Freshness():
                return _FreshnessCheck(columns[0], rule, self._now, self._zone)
            case _:
                raise TypeError(f"{rule} looks at no column")


class _NotNullCheck:
    def __init__(self, column: int) -> None:
        self.column, self.count = column, 0

    def row(self, cells: Sequence[Any]) -> None:
        self.count += cells[self.column] is None

    def breach(self, row_count: int) -> str | None:
        return f"{_rows(self.count)} of {row_count:,} lack a value" if self.count else None


class _UniqueCheck:
    def __init__(self, columns: list[int]) -> None:
        self.columns = columns
        self.duplicates = Duplicates()

    def row(self, cells: Sequence[Any]) -> None:
        key = [cells[column] for column in self.columns]
        if None not in key:
            self.duplicates.add(key)

    def breach(self, row_count: int) -> str | None:
        count = self.duplicates.count()
        return f"{_rows(count)} of {row_count:,} repeat what another row has" if count else None


class _RangeCheck:
    def __init__(self, column: int, rule: Range) -> None:
        self.column, self.rule = column, rule
        self.count = self.other_count = 0
        self.lowest: Decimal | None = None
        self.highest: Decimal | None = None

    def row(self, cells: Sequence[Any]) -> None:
        cell = cells[self.column]
        if cell is None:
            return
        if not isinstance(cell, int | float | Decimal) or isinstance(cell, bool):
            self.other_count += 1
            return
        number = Decimal(str(cell))
        if number.is_nan():
            self.count += 1
            return
        below = self.rule.minimum is not None and number < self.rule.minimum
        above = self.rule.maximum is not None and number > self.rule.maximum
        if below or above:
            self.count += 1
            self.lowest = number if self.lowest is None else min(self.lowest, number)
            self.highest = number if self.highest is None else max(self.highest, number)

    def breach(self, row_count: int) -> str | None:
        if self.other_count:
            return f"{_rows(self.other_count)} of {row_count:,} hold no number"
        if not self.count:
            return None
        extremes = "" if self.lowest is None else f": from {self.lowest} to {self.highest}"
        return f"{_rows(self.count)} of {row_count:,} lie outside{extremes}"


class _FreshnessCheck:
    def __init__(self, column: int, rule: Freshness, now: datetime, zone: ZoneInfo) -> None:
        self.column, self.rule, self.now, self.zone = column, rule, now, zone
        self.newest: datetime | None = None
        self.other_count = 0

    def row(self, cells: Sequence[Any]) -> None:
        cell = cells[self.column]
        if cell is None:
            return
        if not isinstance(cell, date):
            self.other_count += 1
            return
        if not isinstance(cell, datetime):
            # A day is as new as its end.
            at = datetime.combine(cell + timedelta(days=1), time(), self.zone)
        else:
            at = cell if cell.tzinfo else cell.replace(tzinfo=self.zone)
        if self.newest is None or at > self.newest:
            self.newest = at

    def breach(self, row_count: int) -> str | None:
        if self.other_count:
            return f"{_rows(self.other_count)} of {row_count:,} hold no day or time"
        if self.newest is None:
            return "no row has a day or time"
        hours = (self.now - self.newest) / timedelta(hours=1)
        if hours <= self.rule.max_age_hours:
            return None
        return f"the newest is {hours:,.0f} h old ({self.newest.astimezone(self.zone):%Y-%m-%d %H:%M})"


def _columns_of(rule: Rule) -> Sequence[str]:
    match rule:
        case RowCount():
            return ()
        case Unique():
            return rule.columns
        case _:
            return (rule.column,)


def _row_count(rule: RowCount, row_count: int) -> str | None:
    below = rule.minimum is not None and row_count < rule.minimum
    above = rule.maximum is not None and row_count > rule.maximum
    return f"there are {row_count:,}" if below or above else None


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
