"""From one look to the next: which shortages begin, get worse, last, or are over."""

from dataclasses import dataclass
from enum import StrEnum

from include.inventory.restock.outlook import Level


class Change(StrEnum):
    """What is new of a location's ingredient."""

    BEGINS = "begins"
    RUNS_OUT = "runs out"
    # Something has come, not enough.
    EASES = "eases"
    ENDS = "ends"

    @property
    def is_news(self) -> bool:
        """Whether people are told of it."""
        return self in {Change.BEGINS, Change.RUNS_OUT}


@dataclass(frozen=True)
class OpenShortage:
    shortage_key: int
    level: Level


def change(open_shortage: OpenShortage | None, level: Level | None) -> Change | None:
    """
    :param open_shortage: what lasted at the last look.
    :param level: what is seen now.
    """
    if open_shortage is None:
        return Change.BEGINS if level else None
    if level is None:
        return Change.ENDS
    if level == open_shortage.level:
        return None
    return Change.RUNS_OUT if level is Level.OUT else Change.EASES
