"""Customers of the seller, as JSON."""

from collections.abc import Mapping

from square import Square

from include.square.raw import Json, call

CUSTOMERS_PER_CALL = 100


def oldest_customers(client: Square, count: int = CUSTOMERS_PER_CALL) -> list[Json]:
    """The customers that were made first, up to 100."""
    body = {"limit": count, "query": {"sort": {"field": "CREATED_AT", "order": "ASC"}}}
    found: list[Json] = call(client, "POST", "v2/customers/search", body).get("customers", [])
    return found


def create_customers(client: Square, wishes: Mapping[str, Json]) -> list[Json]:
    """Makes up to 100 customers, each once for its key however often it is asked for.

    :param wishes: what to say of each customer, by idempotency key.
    :raises ValueError: when Square refuses one of them.
    """
    responses: dict[str, Json] = call(client, "POST", "v2/customers/bulk-create", {"customers": dict(wishes)})[
        "responses"
    ]
    refused = {key: response["errors"] for key, response in responses.items() if response.get("errors")}
    if refused:
        raise ValueError(f"Square refused {len(refused)} of {len(wishes)} customers: {refused}")
    return [responses[key]["customer"] for key in wishes]
