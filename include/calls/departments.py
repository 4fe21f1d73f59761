"""Whose a call is: the chain's departments by their numbers, each with the rules that hold for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from include.config import Chain, Location, OpeningHours
from include.config.phones import CallRules, digits


@dataclass(frozen=True)
class Department:
    """A department of one location, with nothing left to look up elsewhere."""

    location: Location
    name: str
    opening_hours: OpeningHours
    rules: CallRules
    recipients: tuple[str, ...]
    it_recipients: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.location.name}, {self.name}"

    def is_open(self, at: datetime) -> bool:
        return self.opening_hours.is_open(at, self.location.zone)


class Directory:
    """All departments of the chain."""

    def __init__(self, chain: Chain) -> None:
        self._departments: dict[tuple[str, str], Department] = {}
        self._by_number: dict[str, Department] = {}
        self._by_phone_system_name: dict[str, Department] = {}
        for phones in chain.phones.locations:
            location = chain.location(phones.location)
            for each in phones.departments:
                rules = each.over(chain.phones.defaults)
                department = Department(
                    location=location,
                    name=each.name,
                    opening_hours=each.opening_hours or location.opening_hours,
                    rules=rules,
                    recipients=each.recipients or location.recipients,
                    it_recipients=rules.unreachable.recipients or chain.operations_recipients,
                )
                self._departments[location.name, each.name] = department
                self._by_number |= {number: department for text in each.numbers if (number := digits(text))}
                if each.phone_system_name:
                    self._by_phone_system_name[each.phone_system_name] = department

    def __iter__(self) -> Iterator[Department]:
        return iter(self._departments.values())

    def get(self, location: str, department: str) -> Department | None:
        return self._departments.get((location, department))

    def at(self, location: str) -> list[Department]:
        return [department for department in self if department.location.name == location]

    def of_call(self, dialled_number: str | None, phone_system_name: str | None) -> Department | None:
        """Whose call it is: by the number that was dialled, else by the phone system's own name of the department."""
        return self._by_number.get(digits(dialled_number) or "") or self._by_phone_system_name.get(
            phone_system_name or ""
        )
