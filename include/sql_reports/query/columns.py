"""The columns of a report's result, as the server describes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from psycopg import postgres

Kind = Literal["text", "integer", "decimal", "float", "boolean", "date", "time", "timestamp", "timestamptz", "json"]
_KINDS: dict[str, Kind] = {
    "int2": "integer",
    "int4": "integer",
    "int8": "integer",
    "numeric": "decimal",
    "float4": "float",
    "float8": "float",
    "bool": "boolean",
    "date": "date",
    "time": "time",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "json": "json",
    "jsonb": "json",
}
# What people may have put a formula into: quoted in CSV, so that an empty text differs from NULL too.
QUOTED: frozenset[Kind] = frozenset({"text", "json"})
# What Postgres calls a column that has no name: the second of one that is nothing but a parameter.
UNNAMED = ("?column?", "current_setting")


@dataclass(frozen=True)
class Column:
    """
    :param name: as the statement calls it; a second one of that name has a number, one without a name is "column 3".
    :param type: Postgres' name of its type, such as ``numeric``.
    :param kind: how its values are written; what is none of the others is text.
    """

    name: str
    type: str
    kind: Kind

    @property
    def is_quoted(self) -> bool:
        return self.kind in QUOTED


def columns_of(described: Iterable[tuple[str, int]]) -> tuple[Column, ...]:
    """
    :param described: name and type's OID of each.
    """
    taken: set[str] = set()
    columns = []
    for number, (name, oid) in enumerate(described, 1):
        stem = f"column {number}" if name in UNNAMED else name
        unique, times = stem, 1
        while unique in taken:
            times += 1
            unique = f"{stem} {times}"
        taken.add(unique)
        info = postgres.types.get(oid)
        type_name = info.name if info else "text"
        if info and oid == info.array_oid:
            type_name = f"{type_name}[]"
        columns.append(Column(unique, type_name, _KINDS.get(type_name, "text")))
    return tuple(columns)
