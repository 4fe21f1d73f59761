"""Which of a file's columns is which of ours: case, spaces and punctuation make no difference."""

from collections.abc import Iterable, Sequence
from typing import Any

from include.config.partner import COLUMNS, Kind, Partner, normalised
from include.customers.intake.rows import QuarantineError

# Without them a row says nothing. The others may be empty, or not there at all.
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "customers": ("customer_id",),
    "orders": ("order_id", "order_date_time", "sku_id", "sku_count", "total_amount"),
}
# How many columns that are not ours are told of.
MOST_EXTRA = 100


class Columns(dict[str, int]):
    """A name as the file has it → the place of its column in our rows; `extra_place` of what is none of ours.

    It learns names as they are asked for, because an XML file has no header.

    :raises QuarantineError: from any look-up, when two names of the file are one column of ours.
    """

    def __init__(self, kind: Kind, partner: Partner) -> None:
        super().__init__()
        self.kind = kind
        self.names = COLUMNS[kind]
        self.extra_place = len(self.names)
        self._places = {normalised(name): place for place, name in enumerate(self.names)}
        for place, name in enumerate(self.names):
            for alias in getattr(partner.columns, kind).get(name, ()):
                self._places.setdefault(normalised(alias), place)
        self._given: dict[int, str] = {}
        self.extra: list[str] = []

    def __missing__(self, name: str) -> int:
        place = self._places.get(normalised(name), self.extra_place)
        if place == self.extra_place:
            if len(self.extra) < MOST_EXTRA:
                self.extra.append(name[:100])
        elif place in self._given:
            raise QuarantineError(
                f"The columns {self._given[place]!r} and {name!r} are both {self.names[place]}. "
                f"Have one of them renamed, or taken out of partner.yaml's columns.",
                self.report(),
            )
        else:
            self._given[place] = name
        # Names without end must not fill the memory; ours end.
        if place != self.extra_place or len(self) < MOST_EXTRA * 10:
            self[name] = place
        return place

    def positions(self, header: Sequence[str]) -> list[int | None]:
        """Where each of our columns stands in a header; None: it is not there.

        :raises QuarantineError: one is there twice, or is missing and must not be.
        """
        positions: list[int | None] = [None] * self.extra_place
        for position, name in enumerate(header):
            place = self[name] if name else self.extra_place
            if place == self.extra_place:
                continue
            if positions[place] is not None:
                raise QuarantineError(f"The column {name!r} is there twice. Have one of them renamed.", self.report())
            positions[place] = position
        self.check()
        return positions

    def is_required(self, name: str) -> bool:
        """Whether it is one that every row must have; nothing is learned from the question."""
        place = self._places.get(normalised(name), self.extra_place)
        return place < self.extra_place and self.names[place] in REQUIRED[self.kind]

    def known_count(self, names: Iterable[str]) -> int:
        """How many are ours; nothing is learned from the question."""
        return sum(normalised(name) in self._places for name in names)

    def has(self, column: str) -> bool:
        """Whether the file has it, as far as it has been read."""
        return self.names.index(column) in self._given

    def report(self) -> dict[str, Any]:
        """``{"missing": […], "extra": […], "renamed": {as given: as known}}``."""
        return {
            # A file without any row and any header misses nothing.
            "missing": [] if not self else [name for place, name in enumerate(self.names) if place not in self._given],
            "extra": self.extra,
            "renamed": {
                given: self.names[place] for place, given in sorted(self._given.items()) if given != self.names[place]
            },
        }

    def check(self) -> None:
        """
        :raises QuarantineError: a column is missing that every row must have. What else the file has is not said: of a
            file without a header that would be the values of a row.
        """
        missing = [name for name in REQUIRED[self.kind] if not self.has(name)]
        if missing:
            found = [given for _, given in sorted(self._given.items())]
            raise QuarantineError(
                f"The {'column is' if len(missing) == 1 else 'columns are'} missing: {', '.join(missing)}"
                f" (found: {', '.join(found) or 'none of ours'}). "
                f"Are these {self.kind}? A column that only has another name belongs into partner.yaml's columns.",
                self.report() if found else {**self.report(), "extra": []},
            )
