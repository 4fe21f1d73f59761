"""`/v2/customers`."""

import json
from typing import Any

import msgspec

from sandbox.square import cursors, idempotency, times
from sandbox.square.call import Call, Endpoint, Json, dump, new_id
from sandbox.square.errors import SquareError, not_found

TABLES = """
CREATE TABLE IF NOT EXISTS square_customer (
    id TEXT PRIMARY KEY, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, name TEXT NOT NULL,
    email_address TEXT, phone_number TEXT, reference_id TEXT, creation_source TEXT, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS square_customer_updated_at ON square_customer (updated_at);
CREATE INDEX IF NOT EXISTS square_customer_created_at ON square_customer (created_at, id);
CREATE INDEX IF NOT EXISTS square_customer_name ON square_customer (name, id);
"""

INSERT = "INSERT OR REPLACE INTO square_customer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
MOST_CUSTOMERS = 100
READ_ONLY = ("id", "created_at", "updated_at", "version", "creation_source", "idempotency_key", "segment_ids")
IDENTIFYING = ("given_name", "family_name", "company_name", "email_address", "phone_number")


class Searchable(msgspec.Struct):
    """What of a customer's JSON becomes columns."""

    id: str
    created_at: str
    updated_at: str
    given_name: str = ""
    family_name: str = ""
    email_address: str | None = None
    phone_number: str | None = None
    reference_id: str | None = None
    creation_source: str | None = None


def row(body: bytes) -> tuple[Any, ...]:
    """The customer's row. Raises ValueError or msgspec.MsgspecError if something is missing or malformed."""
    customer = msgspec.json.decode(body, type=Searchable)
    return (
        customer.id,
        times.normalise(customer.created_at),
        times.normalise(customer.updated_at),
        f"{customer.given_name} {customer.family_name}".strip().lower(),
        customer.email_address,
        customer.phone_number,
        customer.reference_id,
        customer.creation_source,
        body,
    )


def create_customer(call: Call) -> Json:
    return {"customer": _create(call, call.body)}


def bulk_create_customers(call: Call) -> Json:
    wishes = call.required("customers", dict)
    if len(wishes) > MOST_CUSTOMERS:
        raise SquareError("TOO_MANY_MAP_ENTRIES", f"At most {MOST_CUSTOMERS} customers", field="customers")
    return {"responses": {key: _create_once(call, key, wish) for key, wish in wishes.items()}}


def retrieve_customer(call: Call) -> Json:
    return {"customer": find(call, call.path["customer_id"])}


def update_customer(call: Call) -> Json:
    customer = find(call, call.path["customer_id"])
    version = call.body.get("version")
    if version is not None and version != customer["version"]:
        raise SquareError("CONFLICT", "The customer has changed since this version.", field="version", status=409)
    customer |= {name: value for name, value in call.body.items() if name not in READ_ONLY}
    customer = {name: value for name, value in customer.items() if value is not None}
    customer |= {"updated_at": call.updated_at, "version": customer["version"] + 1}
    call.db.execute(INSERT, row(dump(customer)))
    return {"customer": customer}


def delete_customer(call: Call) -> Json:
    find(call, call.path["customer_id"])
    call.db.execute("DELETE FROM square_customer WHERE id = ?", (call.path["customer_id"],))
    return {}


def list_customers(call: Call) -> Json:
    return _page(call, ["TRUE"], [], call.query.get("sort_field"), call.query.get("sort_order"), "")


def search_customers(call: Call) -> Json:
    query = call.body.get("query") or {}
    clauses, parameters = ["TRUE"], []
    for name, wish in (query.get("filter") or {}).items():
        if not wish:
            continue
        if name in ("created_at", "updated_at"):
            clauses.append(f"{name} BETWEEN ? AND ?")
            parameters += [
                times.asked(wish.get("start_at") or "1970-01-01T00:00:00.000Z", f"{name}.start_at"),
                times.asked(wish.get("end_at") or call.updated_at, f"{name}.end_at"),
            ]
        elif name in ("email_address", "phone_number", "reference_id"):
            is_exact = "exact" in wish
            clauses.append(f"{name} = ? COLLATE NOCASE" if is_exact else f"instr(lower({name}), lower(?))")
            parameters.append(wish["exact"] if is_exact else wish.get("fuzzy", ""))
        elif name == "creation_source":
            values = wish.get("values", [])
            negation = "NOT " if wish.get("rule") == "EXCLUDE" else ""
            clauses.append(f"creation_source {negation}IN ({','.join('?' * len(values))})")
            parameters += values
        else:
            raise SquareError("NOT_IMPLEMENTED", "The sandbox has no such filter.", field=f"query.filter.{name}")
    sort = query.get("sort") or {}
    return _page(call, clauses, parameters, sort.get("field"), sort.get("order"), query)


def find(call: Call, customer_id: str) -> Json:
    """Raises SquareError if there is none."""
    found = call.db.execute("SELECT body FROM square_customer WHERE id = ?", (customer_id,)).fetchone()
    if found is None:
        raise not_found("Customer", customer_id)
    customer: Json = json.loads(found["body"])
    return customer


def _create(call: Call, wish: Json) -> Json:
    if not any(wish.get(name) for name in IDENTIFYING):
        raise SquareError("BAD_REQUEST", f"At least one of {', '.join(IDENTIFYING)} is required")
    customer = {
        "id": new_id(),
        "created_at": call.now_text,
        "updated_at": call.updated_at,
        **{name: value for name, value in wish.items() if name not in READ_ONLY and value is not None},
        "creation_source": "THIRD_PARTY",
        "preferences": {"email_unsubscribed": False},
        "version": 0,
    }
    call.db.execute(INSERT, row(dump(customer)))
    return customer


def _create_once(call: Call, key: str, wish: Json) -> Json:
    """The map's keys are the idempotency keys, one for each customer."""
    try:
        answer = idempotency.once(call.db, "CreateCustomer", key, wish, lambda: dump({"customer": _create(call, wish)}))
    except SquareError as error:
        return error.body()
    response: Json = json.loads(answer)
    return response


def _page(
    call: Call, clauses: list[str], parameters: list[Any], field: str | None, order: str | None, query: object
) -> Json:
    limit = call.limit(MOST_CUSTOMERS, MOST_CUSTOMERS)
    column = "created_at" if field == "CREATED_AT" else "name"
    is_descending = order == "DESC"
    total = call.db.execute(
        f"SELECT count(*) FROM square_customer WHERE {' AND '.join(clauses)}",  # noqa: S608
        parameters,
    ).fetchone()[0]
    bound = [field, order, query]
    if position := cursors.decode(call.body.get("cursor") or call.query.get("cursor"), bound):
        clauses = [*clauses, f"({column}, id) {'<' if is_descending else '>'} (?, ?)"]
        parameters = [*parameters, *position]
    way = "DESC" if is_descending else "ASC"
    found = call.db.execute(
        f"SELECT id, {column} AS sorted_by, body FROM square_customer WHERE {' AND '.join(clauses)} "  # noqa: S608
        f"ORDER BY {column} {way}, id {way} LIMIT ?",
        (*parameters, limit + 1),
    ).fetchall()
    answer: Json = {"customers": [json.loads(r["body"]) for r in found[:limit]]}
    if len(found) > limit:
        answer["cursor"] = cursors.encode(bound, [found[limit - 1]["sorted_by"], found[limit - 1]["id"]])
    if str(call.body.get("count") or call.query.get("count") or "").lower() == "true":
        answer["count"] = total
    return answer


ENDPOINTS = [
    Endpoint("GET", "/v2/customers", list_customers),
    Endpoint("POST", "/v2/customers", create_customer, idempotency_key=255),
    Endpoint("POST", "/v2/customers/bulk-create", bulk_create_customers),
    Endpoint("POST", "/v2/customers/search", search_customers),
    Endpoint("GET", "/v2/customers/{customer_id}", retrieve_customer),
    Endpoint("PUT", "/v2/customers/{customer_id}", update_customer),
    Endpoint("DELETE", "/v2/customers/{customer_id}", delete_customer),
]
