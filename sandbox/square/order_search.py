"""`/v2/orders/search`: filters, sorting, cursors, pages of up to 1,000 orders."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.square import cursors, times
from sandbox.square.call import Answer, Call, Endpoint, Json, dump
from sandbox.square.errors import SquareError, missing

COLUMNS = {"CREATED_AT": "created_at", "UPDATED_AT": "updated_at", "CLOSED_AT": "closed_at"}
MOST_LOCATIONS = 10
MOST_ORDERS = 1000
DEFAULT_ORDERS = 500


@dataclass
class Conditions:
    """WHERE clauses over columns of the search's index, and their parameters."""

    clauses: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def add(self, clause: str, *parameters: Any) -> None:
        self.clauses.append(clause)
        self.parameters.extend(parameters)

    def among(self, column: str, values: list[str]) -> None:
        # The unary plus keeps SQLite from using an index other than the one that sorts.
        self.add(f"+{column} IN ({','.join('?' * len(values))})", *values)


def search_orders(call: Call) -> Answer:
    location_ids = call.required("location_ids", list)
    if len(location_ids) > MOST_LOCATIONS:
        detail = f"Must not have more than {MOST_LOCATIONS} values"
        raise SquareError("ARRAY_LENGTH_TOO_LONG", detail, field="location_ids")
    query = call.body.get("query") or {}
    limit = call.limit(DEFAULT_ORDERS, MOST_ORDERS)
    position = cursors.decode(call.body.get("cursor"), [location_ids, query])
    column, descending = _sorting(query.get("sort") or {})
    first_asked_at = position[2] if position else call.updated_at

    where = Conditions()
    where.among("location_id", location_ids)
    _filter(where, query.get("filter") or {}, column, first_asked_at)
    if column == "closed_at":
        where.add("closed_at IS NOT NULL")
    if position:
        where.add(f"({column}, id) {'<' if descending else '>'} (?, ?)", *position[:2])

    is_entries = bool(call.body.get("return_entries"))
    fields = "id, version, location_id" if is_entries else "id, body"
    way = "DESC" if descending else "ASC"
    found = call.db.execute(
        f"SELECT {fields}, {column} AS sorted_by FROM square_order INDEXED BY square_order_{column} "  # noqa: S608
        f"WHERE {' AND '.join(where.clauses)} ORDER BY {column} {way}, id {way} LIMIT ?",
        (*where.parameters, limit + 1),
    ).fetchall()
    if not found:
        return {}
    page = found[:limit]
    if is_entries:
        parts = [dump({"order_id": r["id"], "version": r["version"], "location_id": r["location_id"]}) for r in page]
    else:
        parts = [r["body"] for r in page]
    answer = b'{"%s":[%s]' % (b"order_entries" if is_entries else b"orders", b",".join(parts))
    if len(found) > limit:
        last = [page[-1]["sorted_by"], page[-1]["id"], first_asked_at]
        answer += b',"cursor":"%s"' % cursors.encode([location_ids, query], last).encode()
    return answer + b"}"


def _sorting(sort: Json) -> tuple[str, bool]:
    sort_field = sort.get("sort_field") or "CREATED_AT"
    if sort_field not in COLUMNS:
        raise SquareError("INVALID_ENUM_VALUE", f"`{sort_field}` is no sort field", field="query.sort.sort_field")
    order = sort.get("sort_order") or "DESC"
    if order not in ("ASC", "DESC"):
        raise SquareError("INVALID_SORT_ORDER", f"`{order}` is no sort order", field="query.sort.sort_order")
    return COLUMNS[sort_field], order == "DESC"


def _filter(where: Conditions, wish: Json, column: str, first_asked_at: str) -> None:
    times_asked = {name: span for name, span in (wish.get("date_time_filter") or {}).items() if span}
    if len(times_asked) > 1:
        detail = "You can filter for only one time range at a time"
        raise SquareError("CONFLICTING_PARAMETERS", detail, field="query.filter.date_time_filter")
    for name, span in times_asked.items():
        if name != column:
            detail = f"The sort field must match the time filter `{name}`"
            raise SquareError("BAD_REQUEST", detail, field="query.sort.sort_field")
        start_at = times.asked(span.get("start_at") or "1970-01-01T00:00:00.000Z", f"{name}.start_at")
        end_at = times.asked(span.get("end_at") or first_asked_at, f"{name}.end_at")
        if start_at > end_at:
            raise SquareError("INVALID_TIME_RANGE", "`start_at` is later than `end_at`", field=name)
        where.add(f"{column} BETWEEN ? AND ?", start_at, end_at)
    for name, key, condition in (
        ("state_filter", "states", "state"),
        ("customer_filter", "customer_ids", "customer_id"),
        ("source_filter", "source_names", "source_name"),
    ):
        if wish.get(name):
            if not (values := wish[name].get(key)):
                raise missing(f"query.filter.{name}.{key}")
            where.among(condition, values)


ENDPOINTS = [Endpoint("POST", "/v2/orders/search", search_orders)]
