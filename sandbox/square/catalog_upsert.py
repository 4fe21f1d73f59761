"""Creating and changing catalog objects: temporary ids, versions, limits."""

from collections.abc import Iterator
from typing import Any

from sandbox.square import catalog_store, webhooks
from sandbox.square.call import Call, Endpoint, Json, new_id
from sandbox.square.errors import SquareError, missing, not_found

MOST_IN_BATCH = 1000
MOST_IN_CALL = 10_000
UNITS = ("custom_unit", "area_unit", "length_unit", "volume_unit", "weight_unit", "generic_unit", "time_unit")


def upsert_object(call: Call) -> Json:
    objects, mappings = _upsert(call, [call.required("object", dict)])
    return {"catalog_object": objects[0], "id_mappings": mappings}


def batch_upsert(call: Call) -> Json:
    """All or nothing for the whole call, where Square decides by batch."""
    batches = [batch.get("objects") or [] for batch in call.required("batches", list)]
    sizes = [sum(1 for _ in _with_children(batch)) for batch in batches]
    if max(sizes) > MOST_IN_BATCH:
        raise SquareError("ARRAY_LENGTH_TOO_LONG", f"At most {MOST_IN_BATCH} objects a batch", field="batches.objects")
    if sum(sizes) > MOST_IN_CALL:
        raise SquareError("ARRAY_LENGTH_TOO_LONG", f"At most {MOST_IN_CALL} objects a call", field="batches")
    objects, mappings = _upsert(call, [one for batch in batches for one in batch])
    return {"objects": objects, "updated_at": objects[0]["updated_at"], "id_mappings": mappings}


def _upsert(call: Call, wishes: list[Json]) -> tuple[list[Json], list[Json]]:
    if not wishes:
        raise SquareError("ARRAY_EMPTY", "At least one object is needed", field="objects")
    for wish in _with_children(wishes):
        if not wish.get("id"):
            raise missing("object.id")
    mapping = _new_ids(wishes)
    version = catalog_store.next_version(call.db, call.arrived_at)
    created = set(mapping.values())
    stored = [_store(call, _replace(wish, mapping), version, created) for wish in wishes]
    for stored_object in _with_children(stored):
        for reference in catalog_store.references(stored_object):
            if not catalog_store.find_all(call.db, [reference]):
                detail = f"Object `{stored_object['id']}` refers to `{reference}`, which does not exist."
                raise SquareError("INVALID_VALUE", detail, field="object")
    webhooks.catalog_changed(call, catalog_store.version_time(version))
    mappings = [{"client_object_id": client, "object_id": server} for client, server in mapping.items()]
    return catalog_store.find_all(call.db, [one["id"] for one in stored]), mappings


def _with_children(objects: list[Json]) -> Iterator[Json]:
    for one in objects:
        if catalog_store.data_field(str(one.get("type"))) not in one:
            raise missing(f"object.{catalog_store.data_field(str(one.get('type')))}")
        yield one
        yield from catalog_store.children_of(one)


def _new_ids(wishes: list[Json]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for wish in _with_children(wishes):
        if wish["id"].startswith("#"):
            if wish["id"] in mapping:
                raise SquareError("INVALID_VALUE", f"Temporary id `{wish['id']}` is used twice", field="object.id")
            mapping[wish["id"]] = new_id()
    return mapping


def _replace(value: Any, mapping: dict[str, str]) -> Any:
    """The wish with temporary ids replaced, wherever they stand, and without nulls."""
    if isinstance(value, dict):
        return {key: _replace(part, mapping) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_replace(part, mapping) for part in value]
    return mapping.get(value, value) if isinstance(value, str) else value


def _store(call: Call, wish: Json, version: int, created: set[str]) -> Json:
    """Writes a top-level object or a child on its own; children that a parent no longer holds are deleted."""
    parent_id = None
    if nesting := catalog_store.PARENTS.get(wish["type"]):
        parent_id = wish[nesting.child_data].get(nesting.parent_id)
        if not parent_id:
            raise missing(f"object.{nesting.child_data}.{nesting.parent_id}")
        _touch(call, catalog_store.find(call.db, parent_id), version)
    stored = _store_one(call, wish, version, created, parent_id)
    kept = []
    for ordinal, child in enumerate(catalog_store.children_of(stored)):
        nesting = catalog_store.NESTINGS[stored["type"]]
        data = child.setdefault(nesting.child_data, {})
        data[nesting.parent_id] = stored["id"]
        data["ordinal"] = ordinal
        kept.append(_store_one(call, child, version, created, stored["id"])["id"])
    if nesting := catalog_store.NESTINGS.get(stored["type"]):
        for row in call.db.execute(
            "SELECT * FROM square_catalog WHERE parent_id = ? AND NOT is_deleted", (stored["id"],)
        ).fetchall():
            if row["id"] not in kept:
                child = catalog_store.assemble(call.db, row)
                child |= {"is_deleted": True, "version": version, "updated_at": catalog_store.version_time(version)}
                catalog_store.save(call.db, child, stored["id"])
    return stored


def _store_one(call: Call, wish: Json, version: int, created: set[str], parent_id: str | None) -> Json:
    if wish["id"] not in created:
        _check_version(call, wish)
    stored = {
        "present_at_all_locations": True,
        **wish,
        "updated_at": catalog_store.version_time(version),
        "version": version,
        "is_deleted": False,
    }
    if stored["type"] == "ITEM":
        stored["item_data"].setdefault("product_type", "REGULAR")
    elif stored["type"] == "MEASUREMENT_UNIT":
        _check_unit(stored["measurement_unit_data"])
    catalog_store.save(call.db, stored, parent_id)
    return stored


def _check_unit(data: Json) -> None:
    if not 0 <= data.get("precision", 3) <= 5:
        raise SquareError("INVALID_VALUE", "Must lie between 0 and 5", field="object.measurement_unit_data.precision")
    unit = data.get("measurement_unit") or {}
    if len([name for name in UNITS if unit.get(name)]) != 1:
        detail = f"Exactly one of {', '.join(UNITS)} must be set"
        raise SquareError("INVALID_VALUE", detail, field="object.measurement_unit_data.measurement_unit")


def _check_version(call: Call, wish: Json) -> None:
    known = call.db.execute("SELECT type, version FROM square_catalog WHERE id = ?", (wish["id"],)).fetchone()
    if known is None:
        raise not_found("Catalog object", wish["id"])
    if known["type"] != wish["type"]:
        raise SquareError("INVALID_VALUE", f"Object `{wish['id']}` is of type {known['type']}", field="object.type")
    if known["version"] != wish.get("version"):
        detail = f"Object version does not match latest database version. Object `{wish['id']}`: {known['version']}."
        raise SquareError("VERSION_MISMATCH", detail, field="object.version")


def _touch(call: Call, parent: Json, version: int) -> None:
    """A parent changes with its children, so that a search by time finds it."""
    parent |= {"version": version, "updated_at": catalog_store.version_time(version)}
    catalog_store.save(call.db, parent, None)


ENDPOINTS = [
    Endpoint("POST", "/v2/catalog/object", upsert_object, idempotency_key=128, is_key_required=True),
    Endpoint("POST", "/v2/catalog/batch-upsert", batch_upsert, idempotency_key=128, is_key_required=True),
]
