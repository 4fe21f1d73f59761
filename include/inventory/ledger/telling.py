"""What people tell, as entries of the ledger: one thing by a form, or many by lines of text; all or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from include.config.units import read_quantity
from include.inventory.ledger.entries import Entry, Kind
from include.inventory.ledger.lines import TellingError, read_lines
from include.inventory.ledger.names import NamedIngredient, NamedLocation, Names

KINDS: tuple[Kind, ...] = ("waste", "count", "transfer")
COLUMNS = ("kind", "location", "ingredient", "quantity", "to_location", "reason", "time")
REQUIRED = ("ingredient", "quantity")
# A clock may be a little fast.
AHEAD = timedelta(minutes=5)
# What the ledger has digits for.
MOST = Decimal(10) ** 9

Value = TypeVar("Value")


@dataclass(frozen=True)
class Telling:
    """Who told something, when, and under which key it is known when it is told again."""

    key: str
    at: datetime
    by: str


def read_entries(names: Names, fields: Mapping[str, Any], telling: Telling) -> list[Entry]:
    """
    :param fields: the columns, as text. With ``lines`` (text of many rows) the others hold wherever a row says nothing.
    :raises TellingError: with every line's problems.
    """
    given = {column: str(fields[column]).strip() for column in COLUMNS if fields.get(column)}
    if not fields.get("lines"):
        line = _Line(names, given, telling.at)
        entry = line.entry(telling, telling.key)
        if entry is None:
            raise TellingError("\n".join(line.problems))
        return [entry]
    if twice := [column for column in REQUIRED if column in given]:
        raise TellingError(f"{' and '.join(twice)} stand in the lines already: leave the fields empty")
    return _read_all(names, given, str(fields["lines"]), telling)


def _read_all(names: Names, given: Mapping[str, str], text: str, telling: Telling) -> list[Entry]:
    entries: list[Entry] = []
    problems: list[str] = []
    counted: dict[tuple[int, int, datetime], int] = {}
    for number, cells in read_lines(text, COLUMNS, REQUIRED):
        line = _Line(names, _with_defaults(cells, given), telling.at)
        entry = line.entry(telling, f"{telling.key}:{number}")
        problems += [f"line {number}: {problem}" for problem in line.problems]
        if entry is None:
            continue
        entries.append(entry)
        if entry.kind == "count":
            before = counted.setdefault((entry.location_key, entry.ingredient_key, entry.occurred_at), number)
            if before != number:
                problems.append(f"line {number}: was counted in line {before} already: add the two up in one line")
    if problems:
        raise TellingError("\n".join(problems))
    if not entries:
        raise TellingError("the lines hold nothing but the names of the columns")
    return entries


def _with_defaults(cells: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    merged = {**given, **cells}
    if merged.get("kind", "").casefold() != "transfer" and "to_location" not in cells:
        merged.pop("to_location", None)
    return merged


@dataclass
class _Line:
    """What one line says; every problem is kept, and all are told at once."""

    names: Names
    cells: Mapping[str, str]
    told_at: datetime
    problems: list[str] = field(default_factory=list)

    def entry(self, telling: Telling, key: str) -> Entry | None:
        """None when there are problems."""
        kind = self._read("kind", _kind)
        location = self._read("location", self.names.location)
        ingredient = self._read("ingredient", self.names.ingredient)
        to_location = self._read("to_location", self.names.location) if "to_location" in self.cells else None
        quantity = self._read("quantity", lambda text: _quantity(text, ingredient, kind)) if ingredient else None
        occurred_at = self._occurred_at(location)
        if kind == "transfer" and "to_location" not in self.cells:
            self.problems.append("to_location: where to? A transfer goes to another location")
        if kind not in (None, "transfer") and to_location:
            self.problems.append(f"to_location: only a transfer goes to another location, not a {kind}")
        if location and location == to_location:
            self.problems.append(f"to_location: {location.name} is where it comes from")
        if self.problems or not (kind and location and ingredient and occurred_at) or quantity is None:
            return None
        return Entry(
            entry_key=key,
            kind=kind,
            location_key=location.location_key,
            ingredient_key=ingredient.ingredient_key,
            quantity=quantity,
            occurred_at=occurred_at,
            reason=self.cells.get("reason", ""),
            entered_by=telling.by,
            to_location_key=to_location.location_key if to_location else None,
        )

    def _read(self, column: str, read: Callable[[str], Value]) -> Value | None:
        if column not in self.cells:
            self.problems.append(f"{column}: is missing")
            return None
        try:
            return read(self.cells[column])
        except ValueError as error:
            self.problems.append(f"{column}: {error}")
            return None

    def _occurred_at(self, location: NamedLocation | None) -> datetime | None:
        if "time" not in self.cells:
            return self.told_at
        if location is None:
            return None
        return self._read("time", lambda text: read_time(text, location, self.told_at))


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if text.casefold() == kind:
            return kind
    advice = ": what a supplier has brought is told to inventory_receipt" if text.casefold() == "receipt" else ""
    raise ValueError(f"{text!r} is none of {', '.join(KINDS)}{advice}")


def _quantity(text: str, ingredient: NamedIngredient, kind: Kind | None) -> Decimal:
    quantity = read_quantity(text.casefold(), ingredient.unit, pack=ingredient.pack_quantity)
    if quantity >= MOST:
        raise ValueError(f"{text!r} is more than can be booked")
    if quantity == 0 and kind != "count":
        raise ValueError(f"{text!r} is nothing, in {ingredient.unit}")
    return quantity


def read_time(text: str, location: NamedLocation, told_at: datetime) -> datetime:
    """
    :raises ValueError: when it is no time, or lies after `told_at`.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    # fromisoformat takes a day for its midnight.
    if at is None or ":" not in text:
        raise ValueError(f"{text!r} is no time: write 2026-11-21 14:30, by the clock of {location.name}")
    if at.tzinfo is None:
        at = at.replace(tzinfo=location.zone)
    if at > told_at + AHEAD:
        raise ValueError(f"{text!r} lies in the future")
    return at
