"""The numbers of the demo chain, and of people who ring them."""

from dataclasses import dataclass

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

# Numbers that North America keeps for fiction. Few, so that some people ring more than once.
CALLERS = [
    Party(name, f"+1{area}55501{line}")
    for name, area, line in (
        ("Ana Ruiz", "646", "11"),
        ("Ben Carter", "917", "23"),
        ("Chloe Dubois", "718", "35"),
        ("Dev Patel", "347", "42"),
        ("Emily Novak", "929", "58"),
        ("Farid Haddad", "773", "64"),
        ("Grace Kim", "720", "71"),
        ("Hugo Meyer", "424", "86"),
        ("", "551", "90"),
        ("WIRELESS CALLER", "914", "97"),
    )
]
