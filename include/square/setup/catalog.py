"""The chain's catalog in Square: what differs from the wish is written, and nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from uuid import uuid4

from square import Square

from include.config import Inventory, Products
from include.square.catalog import DATA, PARTS, read_catalog
from include.square.raw import Json, call
from include.square.setup.ingredients import ingredient_wishes
from include.square.setup.wishes import Wish, Wishes

OBJECTS_PER_CALL = 1000


def set_up_catalog(
    client: Square, products: Products, inventory: Inventory, location_ids: Mapping[str, str]
) -> list[str]:
    """Writes the differences between Square's catalog and the chain's products and ingredients.

    Objects go out with the version that was read: whoever changes one in between makes the call fail, and the next run
    reads again. What Square has and the files do not name is left alone.

    :returns: what was made or changed, one line each.
    """
    catalog = read_catalog(client)
    counted_skus = {ingredient.sku for ingredient in inventory.ingredients}
    wishes = chain(
        Wishes(products, location_ids, catalog, counted_skus).all(), ingredient_wishes(inventory, products, catalog)
    )
    changes: list[str] = []
    objects = [wanted for wish in wishes for wanted in _differences(wish, changes)]
    real_ids: dict[str, str] = {}
    for batch in _batches(objects):
        # The key serves the repeats of this very call. A later run makes a new one: it has read what this one wrote.
        answer = call(
            client,
            "POST",
            "v2/catalog/batch-upsert",
            {
                "idempotency_key": str(uuid4()),
                "batches": [{"objects": [_with_real_ids(each, real_ids) for each in batch]}],
            },
        )
        real_ids |= {each["client_object_id"]: each["object_id"] for each in answer.get("id_mappings", ())}
    return changes


def _differences(wish: Wish, changes: list[str]) -> Iterator[Json]:
    """The objects to write for a wish: none, some of its parts, or the whole with its parts in it."""
    part_objects = [(part, _merged(part.existing or {}, part.fields)) for part in wish.parts]
    changed_parts = [
        (part, whole) for part, whole in part_objects if part.existing is None or not _says(part.existing, part.fields)
    ]
    if wish.existing is not None and _says(wish.existing, wish.fields):
        changes.extend(f"{'changed' if part.existing else 'made'} {part.name}" for part, _ in changed_parts)
        yield from (whole for _, whole in changed_parts)
        return
    changes.append(f"{'changed' if wish.existing else 'made'} {wish.name}")
    whole = _merged(wish.existing or {}, wish.fields)
    if wish.parts:
        data, parts = whole[DATA[whole["type"]]], PARTS[whole["type"]]
        wanted = {each["id"]: each for _, each in part_objects}
        data[parts] = [wanted.pop(each["id"], each) for each in data.get(parts, ())] + list(wanted.values())
    yield whole


def _says(existing: Any, wanted: Any) -> bool:
    """Whether an answer of Square holds all that is wanted; it may say more. Lists of ids have no order."""
    if isinstance(wanted, dict):
        return isinstance(existing, dict) and all(_says(existing.get(name), each) for name, each in wanted.items())
    if isinstance(wanted, list):
        existing = existing or []
        if all(isinstance(each, str) for each in wanted):
            return sorted(existing) == sorted(wanted)
        return len(existing) == len(wanted) and all(map(_says, existing, wanted))
    return bool(existing == wanted)


def _merged(existing: Json, wanted: Json) -> Json:
    """What was there with the wish over it: an upsert replaces the whole object, also what we know nothing of."""
    merged = dict(existing)
    for name, value in wanted.items():
        before = merged.get(name)
        merged[name] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged


def _batches(objects: Iterable[Json]) -> Iterator[list[Json]]:
    batch: list[Json] = []
    count = 0
    for each in objects:
        size = 1 + len(each[DATA[each["type"]]].get(PARTS.get(each["type"], ""), ()))
        if count + size > OBJECTS_PER_CALL:
            yield batch
            batch, count = [], 0
        batch.append(each)
        count += size
    if batch:
        yield batch


def _with_real_ids(value: Any, real_ids: Mapping[str, str]) -> Any:
    """Temporary ids hold within one call: those of earlier calls are replaced by what Square made of them."""
    if isinstance(value, dict):
        return {name: _with_real_ids(each, real_ids) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_real_ids(each, real_ids) for each in value]
    return real_ids.get(value, value) if isinstance(value, str) else value
