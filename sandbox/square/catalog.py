"""`/v2/catalog`: list, search, retrieve, delete."""

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.square import catalog_store, cursors, times, webhooks
from sandbox.square.call import Call, Endpoint, Json
from sandbox.square.errors import SquareError

LIST_PAGE = 100
MOST_IN_SEARCH = 1000
MOST_IDS = 1000
MOST_DELETED = 200

Matches = Callable[[Json], bool]


def list_catalog(call: Call) -> Json:
    types = [name.strip().upper() for name in call.query.get("types", "").split(",") if name.strip()]
    types = types or list(catalog_store.TOP_LEVEL)
    after = cursors.decode(call.query.get("cursor"), types) or [0]
    return _page(call, types, LIST_PAGE, after[0], bound=types)


def search_catalog(call: Call) -> Json:
    types = call.body.get("object_types") or list(catalog_store.TOP_LEVEL)
    limit = call.body.get("limit") or MOST_IN_SEARCH
    limit = limit if 1 <= limit <= MOST_IN_SEARCH else MOST_IN_SEARCH
    begin_time = call.body.get("begin_time")
    bound = [types, begin_time, call.body.get("query")]
    after = cursors.decode(call.body.get("cursor"), bound) or [0]
    answer = _page(
        call,
        types,
        limit,
        after[0],
        bound=bound,
        since=int(times.parse(times.asked(begin_time, "begin_time")).timestamp() * 1000) if begin_time else 0,
        with_deleted=bool(call.body.get("include_deleted_objects")),
        matches=_query(call.body.get("query") or {}),
    )
    if call.body.get("include_related_objects"):
        answer["related_objects"] = _related(call, answer["objects"])
    latest = call.db.execute("SELECT max(version) FROM square_catalog").fetchone()[0]
    return answer | ({"latest_time": catalog_store.version_time(latest)} if latest else {})


def retrieve_object(call: Call) -> Json:
    found = catalog_store.find(call.db, call.path["object_id"])
    related = {"related_objects": _related(call, [found])} if _is_true(call, "include_related_objects") else {}
    return {"object": found, **related}


def batch_retrieve(call: Call) -> Json:
    ids = call.required("object_ids", list)
    if len(ids) > MOST_IDS:
        raise SquareError("ARRAY_LENGTH_TOO_LONG", f"At most {MOST_IDS} ids", field="object_ids")
    with_deleted = bool(call.body.get("include_deleted_objects"))
    objects = catalog_store.find_all(call.db, ids, with_deleted=with_deleted)
    related = {"related_objects": _related(call, objects)} if call.body.get("include_related_objects") else {}
    return {"objects": objects, **related}


def delete_object(call: Call) -> Json:
    catalog_store.find(call.db, call.path["object_id"])
    return _delete(call, [call.path["object_id"]])


def batch_delete(call: Call) -> Json:
    ids = call.required("object_ids", list)
    if len(ids) > MOST_DELETED:
        raise SquareError("ARRAY_LENGTH_TOO_LONG", f"At most {MOST_DELETED} ids", field="object_ids")
    return _delete(call, ids)


def _delete(call: Call, ids: list[str]) -> Json:
    version = catalog_store.next_version(call.db, call.arrived_at)
    deleted_at = catalog_store.version_time(version)
    deleted = []
    for found in catalog_store.find_all(call.db, ids):
        nesting = catalog_store.PARENTS.get(found["type"])
        parent_id = found[nesting.child_data][nesting.parent_id] if nesting else None
        for one, parent in [(found, parent_id), *((child, found["id"]) for child in catalog_store.children_of(found))]:
            marked = {**one, "is_deleted": True, "version": version, "updated_at": deleted_at}
            catalog_store.save(call.db, marked, parent)
            deleted.append(one["id"])
    if deleted:
        webhooks.catalog_changed(call, deleted_at)
    return {"deleted_object_ids": deleted, "deleted_at": deleted_at}


def _page(
    call: Call,
    types: list[str],
    limit: int,
    after: int,
    *,
    bound: object,
    since: int = 0,
    with_deleted: bool = False,
    matches: Matches = lambda _: True,
) -> Json:
    rows = call.db.execute(
        f"SELECT * FROM square_catalog WHERE type IN ({','.join('?' * len(types))}) AND position > ? "  # noqa: S608
        "AND version > ? AND is_deleted <= ? ORDER BY position",
        (*types, after, since, with_deleted),
    )
    page: list[tuple[int, Json]] = []
    for row in rows:
        if not matches(found := catalog_store.assemble(call.db, row)):
            continue
        if len(page) == limit:
            return {"objects": [one for _, one in page], "cursor": cursors.encode(bound, [page[-1][0]])}
        page.append((row["position"], found))
    return {"objects": [one for _, one in page]}


def _related(call: Call, objects: list[Json]) -> list[Json]:
    named: dict[str, None] = {}
    for one in objects:
        for part in [one, *catalog_store.children_of(one)]:
            named |= dict.fromkeys(catalog_store.references(part))
    known = {one["id"] for one in objects}
    return catalog_store.find_all(call.db, [object_id for object_id in named if object_id not in known])


def _query(query: Json) -> Matches:
    """The query as a test of one object. Raises SquareError for queries that the sandbox does not know."""
    tests = [_test(name, wish) for name, wish in query.items() if wish]
    return lambda found: all(test(found) for test in tests)


def _test(name: str, wish: Json) -> Matches:
    match name:
        case "exact_query":
            value = str(wish["attribute_value"]).lower()
            return lambda found: value in _attribute(found, wish["attribute_name"])
        case "set_query":
            values = {str(value).lower() for value in wish["attribute_values"]}
            return lambda found: bool(values.intersection(_attribute(found, wish["attribute_name"])))
        case "prefix_query":
            prefix = wish["attribute_prefix"].lower()
            return lambda found: any(v.startswith(prefix) for v in _attribute(found, wish["attribute_name"]))
        case "text_query":
            words = [word.lower() for word in wish["keywords"]]
            return lambda found: any(all(word in v for word in words) for v in _attribute(found, "name"))
        case "items_for_tax_query":
            return lambda found: bool(set(wish["tax_ids"]).intersection(catalog_store.references(found)))
        case "items_for_modifier_list_query":
            return lambda found: bool(set(wish["modifier_list_ids"]).intersection(catalog_store.references(found)))
        case _:
            raise SquareError("NOT_IMPLEMENTED", "The sandbox has no such query.", field=f"query.{name}", status=501)


def _attribute(found: Json, name: str) -> Iterator[str]:
    value: Any = found.get(catalog_store.data_field(found["type"]), {}).get(name)
    if value is not None:
        yield str(value).lower()


def _is_true(call: Call, name: str) -> bool:
    return call.query.get(name, "").lower() == "true"


ENDPOINTS = [
    Endpoint("GET", "/v2/catalog/list", list_catalog),
    Endpoint("POST", "/v2/catalog/search", search_catalog),
    Endpoint("POST", "/v2/catalog/batch-retrieve", batch_retrieve),
    Endpoint("POST", "/v2/catalog/batch-delete", batch_delete),
    Endpoint("GET", "/v2/catalog/object/{object_id}", retrieve_object),
    Endpoint("DELETE", "/v2/catalog/object/{object_id}", delete_object),
]
