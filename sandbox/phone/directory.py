"""The numbers of the demo chain, and the people who ring them."""

from dataclasses import dataclass

from sandbox.people import PEOPLE
from sandbox.phone.model import Party


@dataclass(frozen=True)
class Department:
    number: str
    location: str
    name: str


DEPARTMENTS = [
    Department(f"+1{area}55501{line}", location, name)
    for area, location in (
        ("212", "Manhattan"),
        ("312", "Chicago Loop"),
        ("303", "Denver Union Station"),
        ("310", "Santa Monica"),
    )
    for line, name in (("01", "Front desk"), ("02", "Catering"))
]
BY_NUMBER = {department.number: department for department in DEPARTMENTS}

# Some carriers send no name, others only what kind of telephone it is.
CALLERS = [
    *(Party(person.name, person.phone) for person in PEOPLE),
    Party("", "+15515550190"),
    Party("WIRELESS CALLER", "+19145550197"),
]
