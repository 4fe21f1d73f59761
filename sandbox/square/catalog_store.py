"""Catalog objects as they are kept: one row each; variations and modifiers are put into their parents when read."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sandbox.square import times
from sandbox.square.call import Json, dump
from sandbox.square.errors import not_found

TABLES = """
CREATE TABLE IF NOT EXISTS square_catalog (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, parent_id TEXT, version INTEGER NOT NULL,
    is_deleted INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS square_catalog_parent ON square_catalog (parent_id);
"""


class Nesting(NamedTuple):
    """Where a parent holds its children, and where a child names its parent."""

    parent_data: str
    children: str
    child_type: str
    child_data: str
    parent_id: str


NESTINGS = {
    "ITEM": Nesting("item_data", "variations", "ITEM_VARIATION", "item_variation_data", "item_id"),
    "MODIFIER_LIST": Nesting("modifier_list_data", "modifiers", "MODIFIER", "modifier_data", "modifier_list_id"),
}
PARENTS = {nesting.child_type: nesting for nesting in NESTINGS.values()}
TOP_LEVEL = ("ITEM", "CATEGORY", "TAX", "DISCOUNT", "MODIFIER_LIST", "MEASUREMENT_UNIT", "IMAGE")


def data_field(object_type: str) -> str:
    return f"{object_type.lower()}_data"


def next_version(db: sqlite3.Connection, at: datetime) -> int:
    """Milliseconds since 1970, as Square's versions are, and later than every version given so far."""
    last = db.execute("SELECT max(version) FROM square_catalog").fetchone()[0] or 0
    return max(last + 1, int(at.timestamp() * 1000))


def version_time(version: int) -> str:
    return times.rfc3339(datetime.fromtimestamp(version / 1000, UTC))


def find(db: sqlite3.Connection, object_id: str) -> Json:
    """The object with its children. Raises SquareError if there is none or it is deleted."""
    row = db.execute("SELECT * FROM square_catalog WHERE id = ? AND NOT is_deleted", (object_id,)).fetchone()
    if row is None:
        raise not_found("Catalog object", object_id)
    return assemble(db, row)


def find_all(db: sqlite3.Connection, object_ids: Iterable[str], *, with_deleted: bool = False) -> list[Json]:
    """The objects that exist, in the order asked for."""
    found = []
    for object_id in object_ids:
        row = db.execute("SELECT * FROM square_catalog WHERE id = ?", (object_id,)).fetchone()
        if row and (with_deleted or not row["is_deleted"]):
            found.append(assemble(db, row))
    return found


def assemble(db: sqlite3.Connection, row: sqlite3.Row) -> Json:
    catalog_object: Json = json.loads(row["body"])
    if nesting := NESTINGS.get(row["type"]):
        children = db.execute(
            "SELECT body FROM square_catalog WHERE parent_id = ? AND is_deleted = ? ORDER BY position",
            (row["id"], row["is_deleted"]),
        )
        catalog_object[nesting.parent_data][nesting.children] = [json.loads(child["body"]) for child in children]
    return catalog_object


def save(db: sqlite3.Connection, catalog_object: Json, parent_id: str | None) -> None:
    """Writes one object; a parent's children are rows of their own."""
    nesting = NESTINGS.get(catalog_object["type"])
    own = catalog_object
    if nesting:
        data = {key: value for key, value in own[nesting.parent_data].items() if key != nesting.children}
        own = {**own, nesting.parent_data: data}
    db.execute(
        "INSERT INTO square_catalog (id, type, parent_id, version, is_deleted, body) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, version = excluded.version, "
        "is_deleted = excluded.is_deleted, body = excluded.body",
        (own["id"], own["type"], parent_id, own["version"], own["is_deleted"], dump(own)),
    )


def children_of(catalog_object: Json) -> list[Json]:
    nesting = NESTINGS.get(catalog_object["type"])
    children: list[Json] = catalog_object[nesting.parent_data].get(nesting.children) or [] if nesting else []
    return children


def references(catalog_object: Json) -> Iterator[str]:
    """The ids of other objects that this one names."""
    yield from _references(catalog_object.get(data_field(catalog_object["type"]), {}))


def _references(data: Any) -> Iterator[str]:
    for key, value in data.items():
        if key in ("category_id", "item_id", "modifier_list_id", "measurement_unit_id") and value:
            yield value
        elif key in ("tax_ids", "image_ids"):
            yield from value or []
        elif key in ("parent_category", "reporting_category") and value and value.get("id"):
            yield value["id"]
        elif key == "categories":
            yield from (category["id"] for category in value or [])
        elif key == "modifier_list_info":
            yield from (info["modifier_list_id"] for info in value or [])
