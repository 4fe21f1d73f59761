"""`/v2/inventory`: changes by batch, counts, the history of changes."""

import json
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.square import catalog_store, cursors, locations, stock, times, webhooks
from sandbox.square.call import Call, Endpoint, Json
from sandbox.square.errors import SquareError, missing

MOST_CHANGES = 100
MOST_IN_PAGE = {"counts": 1000, "changes": 1000}
OLDEST = timedelta(hours=24)
UNTRACKED = ("NONE", "SOLD", "UNLINKED_RETURN")
# Of a measurement unit that names none.
DEFAULT_PRECISION = 3
TRANSITIONS = {
    ("NONE", "IN_STOCK"),
    ("IN_STOCK", "SOLD"),
    ("IN_STOCK", "WASTE"),
    ("UNLINKED_RETURN", "IN_STOCK"),
    ("UNLINKED_RETURN", "WASTE"),
}


def batch_change(call: Call) -> Json:
    """All or nothing. Answers the counts of all that changed."""
    changes = call.required("changes", list)
    if len(changes) > MOST_CHANGES:
        raise SquareError("ARRAY_LENGTH_TOO_LONG", f"Must not have more than {MOST_CHANGES} values", field="changes")
    ignores_unchanged = call.body.get("ignore_unchanged_counts", True)
    written = [_apply(call, change, f"changes[{i}]", bool(ignores_unchanged)) for i, change in enumerate(changes)]
    touched: dict[tuple[str, str], None] = {}
    for change in written:
        detail = change[change["type"].lower()]
        touched[detail["catalog_object_id"], detail["location_id"]] = None
    counts = [count for key in touched for count in stock.counts_of(call, *key)]
    webhooks.counts_changed(call, counts)
    return {"counts": counts, "changes": written}


def retrieve_count(call: Call) -> Json:
    location_ids = [one for one in call.query.get("location_ids", "").split(",") if one]
    return _counts(call, [call.path["catalog_object_id"]], location_ids, [], "", call.query.get("cursor"))


def batch_retrieve_counts(call: Call) -> Json:
    body = call.body
    return _counts(
        call,
        body.get("catalog_object_ids") or [],
        body.get("location_ids") or [],
        [state for state in body.get("states") or [] if state not in UNTRACKED],
        body.get("updated_after") or "",
        body.get("cursor"),
    )


def batch_retrieve_changes(call: Call) -> Json:
    body = call.body
    bound = [body.get(name) for name in ("catalog_object_ids", "location_ids", "types", "states")]
    bound += [body.get("updated_after"), body.get("updated_before")]
    after = cursors.decode(body.get("cursor"), bound) or [0]
    clauses, parameters = ["position > ?"], [*after]
    for column, values in (
        ("catalog_object_id", body.get("catalog_object_ids")),
        ("location_id", body.get("location_ids")),
        ("type", body.get("types")),
    ):
        _among(clauses, parameters, column, values or [])
    if body.get("updated_after"):
        clauses.append("created_at > ?")
        parameters.append(times.asked(body["updated_after"], "updated_after"))
    if body.get("updated_before"):
        clauses.append("created_at < ?")
        parameters.append(times.asked(body["updated_before"], "updated_before"))
    if states := body.get("states"):
        marks = ",".join("?" * len(states))
        clauses.append(f"(from_state IN ({marks}) OR to_state IN ({marks}))")
        parameters += [*states, *states]
    rows, cursor = _page(call, "square_stock_change", clauses, parameters, bound, MOST_IN_PAGE["changes"])
    return {"changes": [json.loads(row["body"]) for row in rows], **cursor}


def _apply(call: Call, change: Json, field: str, ignores_unchanged: bool) -> Json:
    change_type = change.get("type")
    if change_type not in ("PHYSICAL_COUNT", "ADJUSTMENT"):
        detail = f"`{change_type}` is not supported: PHYSICAL_COUNT and ADJUSTMENT are"
        raise SquareError("INVALID_ENUM_VALUE", detail, field=f"{field}.type")
    field = f"{field}.{change_type.lower()}"
    wish = {name: value for name, value in (change.get(change_type.lower()) or {}).items() if value is not None}
    for name in ("catalog_object_id", "location_id", "quantity", "occurred_at"):
        if not wish.get(name):
            raise missing(f"{field}.{name}")
    locations.find(call, wish["location_id"])
    variation = catalog_store.find(call.db, wish["catalog_object_id"])
    if variation["type"] != "ITEM_VARIATION":
        detail = f"A {variation['type']} is not counted"
        raise SquareError("INVALID_VALUE", detail, field=f"{field}.catalog_object_id")
    _check_quantity(wish["quantity"], _precision(call, variation), f"{field}.quantity")
    wish["occurred_at"] = _occurred_at(call, wish["occurred_at"], f"{field}.occurred_at")
    if change_type == "ADJUSTMENT":
        _check_transition(wish, field)
    elif wish.setdefault("state", "IN_STOCK") not in stock.KEPT:
        raise SquareError("INVALID_VALUE", f"`{wish['state']}` cannot be counted", field=f"{field}.state")
    elif ignores_unchanged and _is_unchanged(call, wish):
        return {"type": change_type, "physical_count": wish}
    return stock.record(call, change_type, wish)


def _check_transition(wish: Json, field: str) -> None:
    states = (wish.get("from_state", ""), wish.get("to_state", ""))
    if states not in TRANSITIONS:
        detail = f"Stock cannot move from `{states[0]}` to `{states[1]}`"
        raise SquareError("INVALID_VALUE", detail, field=f"{field}.to_state")


def _is_unchanged(call: Call, wish: Json) -> bool:
    known = stock.quantity_of(call, (wish["catalog_object_id"], wish["location_id"]), wish["state"])
    return known == stock.in_e5(wish["quantity"])


def _counts(
    call: Call,
    object_ids: list[str],
    location_ids: list[str],
    states: list[str],
    updated_after: str,
    cursor: str | None,
) -> Json:
    bound = [object_ids, location_ids, states, updated_after]
    clauses, parameters = ["position > ?"], [*(cursors.decode(cursor, bound) or [0])]
    _among(clauses, parameters, "catalog_object_id", object_ids)
    _among(clauses, parameters, "location_id", location_ids)
    _among(clauses, parameters, "state", states)
    if updated_after:
        clauses.append("calculated_at > ?")
        parameters.append(times.asked(updated_after, "updated_after"))
    rows, next_cursor = _page(call, "square_stock", clauses, parameters, bound, MOST_IN_PAGE["counts"])
    return {"counts": [stock.count(row) for row in rows], **next_cursor}


def _page(
    call: Call, table: str, clauses: list[str], parameters: list[Any], bound: list[Any], most: int
) -> tuple[list[Any], dict[str, str]]:
    limit = call.limit(most, most)
    rows = call.db.execute(
        f"SELECT * FROM {table} WHERE {' AND '.join(clauses)} ORDER BY position LIMIT ?",  # noqa: S608
        (*parameters, limit + 1),
    ).fetchall()
    more = {"cursor": cursors.encode(bound, [rows[limit - 1]["position"]])} if len(rows) > limit else {}
    return rows[:limit], more


def _among(clauses: list[str], parameters: list[Any], column: str, values: list[str]) -> None:
    if values:
        clauses.append(f"{column} IN ({','.join('?' * len(values))})")
        parameters += values


def _precision(call: Call, variation: Json) -> int:
    unit = stock.unit_of(call, variation)
    return int(unit.get("precision", DEFAULT_PRECISION)) if unit else 0


def _check_quantity(text: object, precision: int, field: str) -> None:
    try:
        quantity = Decimal(str(text))
    except InvalidOperation:
        quantity = Decimal("NaN")
    if not quantity.is_finite() or quantity < 0 or len(str(text)) > 26:
        raise SquareError("INVALID_VALUE", f"`{text}` is not a decimal number of 0 or more", field=field)
    if quantity != round(quantity, precision):
        detail = f"`{text}` has more than the {precision} decimals that the variation is counted with"
        raise SquareError("INVALID_VALUE", detail, field=field)


def _occurred_at(call: Call, text: str, field: str) -> str:
    try:
        occurred_at = times.parse(text)
    except ValueError as error:
        raise SquareError("INVALID_TIME", str(error), field=field) from error
    if not call.now - OLDEST <= occurred_at <= call.now:
        detail = "`occurred_at` must not be older than 24 hours or in the future"
        raise SquareError("INVALID_TIME", detail, field=field)
    return times.rfc3339(occurred_at)


ENDPOINTS = [
    Endpoint("POST", "/v2/inventory/changes/batch-create", batch_change, idempotency_key=128, is_key_required=True),
    Endpoint("POST", "/v2/inventory/changes/batch-retrieve", batch_retrieve_changes),
    Endpoint("POST", "/v2/inventory/counts/batch-retrieve", batch_retrieve_counts),
    Endpoint("GET", "/v2/inventory/{catalog_object_id}", retrieve_count),
]
