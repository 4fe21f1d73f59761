"""The partner's customers. They do not exist: their numbers are among those that North America keeps for fiction.

A customer is a number, counted from the partner's beginning; who it is follows from it, and never changes.
"""

from dataclasses import dataclass
from datetime import date

from sandbox.demo.customers import name

BEGAN_ON = date(2026, 1, 1)
FIRST_CUSTOMERS = 300
NEW_CUSTOMERS_A_DAY = 6
REGIONS = {
    "Northeast": (212, 646, 718, 917, 347, 929, 201, 973, 617, 857, 215, 267),
    "Midwest": (312, 773, 872, 630, 847, 313, 614, 216, 317),
    "South": (404, 470, 678, 305, 786, 214, 469, 713, 832),
    "West": (303, 720, 310, 424, 213, 323, 415, 628, 206, 503),
}
AREAS = [(area, region) for region, areas in REGIONS.items() for area in areas]
# The fiction's block has a hundred numbers in each area.
MOST_CUSTOMERS = 100 * len(AREAS)


@dataclass(frozen=True)
class Customer:
    number: int

    @property
    def customer_id(self) -> str:
        return f"C{self.number:05d}"

    @property
    def name(self) -> str:
        return " ".join(name(self.number))

    @property
    def region(self) -> str:
        return AREAS[self.number % len(AREAS)][1]

    @property
    def mobile(self) -> str:
        """Written in one of the ways in which people write it."""
        area, last = AREAS[self.number % len(AREAS)][0], self.number // len(AREAS) % 100
        written = (f"+1{area}55501{last:02d}", f"({area}) 555-01{last:02d}", f"{area}.555.01{last:02d}")
        return written[self.number % 3]


def known_on(day: date) -> int:
    """How many customers there are at a day's end."""
    return min(FIRST_CUSTOMERS + NEW_CUSTOMERS_A_DAY * ((day - BEGAN_ON).days + 1), MOST_CUSTOMERS)
