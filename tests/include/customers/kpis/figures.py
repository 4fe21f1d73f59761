"""Everything that a source is asked."""

from datetime import date

from include.customers.kpis import Row, Source, headlines
from include.customers.report.tables import TABLES

# Who received a file, and when: only the database knows.
ONLY_IN_DATABASE = {"received_by", "received_at"}


def figures(source: Source, day: date) -> dict[str, list[Row] | str]:
    """All tables of a day, their notes, and its headlines."""
    told: dict[str, list[Row] | str] = {}
    for make in TABLES:
        table = make(source, day)
        kept = [number for number, column in enumerate(table.columns) if column.name not in ONLY_IN_DATABASE]
        told[table.name] = [tuple(row[number] for number in kept) for row in table]
        told[f"{table.name}'s note"] = table.note
    told["Headlines"] = [(headline.name, headline.value) for headline in headlines(source, day)]
    return told
