"""People who ring and order. They do not exist: their numbers are among those that North America keeps for fiction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    name: str
    phone: str

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@example.com"


# Few, so that some ring more than once.
PEOPLE = [
    Person("Ana Ruiz", "+16465550111"),
    Person("Ben Carter", "+19175550123"),
    Person("Chloe Dubois", "+17185550135"),
    Person("Dev Patel", "+13475550142"),
    Person("Emily Novak", "+19295550158"),
    Person("Farid Haddad", "+17735550164"),
    Person("Grace Kim", "+17205550171"),
    Person("Hugo Meyer", "+14245550186"),
]
