"""Whether gold says what Square's orders say, to the cent."""

from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg.rows import class_row

from include.warehouse.statements import statement

# An error names so many differences.
LISTED_COUNT = 20


@dataclass(frozen=True)
class Difference:
    """A measure of a business day and location of which gold makes another sum than the orders state."""

    business_date: date
    location_name: str
    measure: str
    stated_cents: int
    counted_cents: int

    def __str__(self) -> str:
        return (
            f"{self.business_date} {self.location_name}: {self.measure} is {self.counted_cents} in gold, but the "
            f"orders state {self.stated_cents}: a difference of {self.counted_cents - self.stated_cents}"
        )


class TieOutError(Exception):
    """Gold and the orders differ; the message lists where and by how much."""

    def __init__(self, differences: list[Difference]) -> None:
        listed = [str(each) for each in differences[:LISTED_COUNT]]
        if len(differences) > LISTED_COUNT:
            listed.append(f"… and {len(differences) - LISTED_COUNT} more")
        super().__init__("gold does not tie out (amounts in cents):\n" + "\n".join(listed))
        self.differences = differences


def tie_out(connection: psycopg.Connection, start_date: date, end_date: date) -> None:
    """
    :param start_date: the first business day, :param end_date: the last.
    :raises TieOutError: when a day and location differs in any measure.
    """
    with connection.cursor(row_factory=class_row(Difference)) as cursor:
        differences = cursor.execute(
            statement("gold/tie_out"), {"start_date": start_date, "end_date": end_date}
        ).fetchall()
    if differences:
        raise TieOutError(differences)
