"""Places and changes online orders."""

import json
import random
from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec

from sandbox.online_orders import demo_eats, square_shop
from sandbox.online_orders.basket import Line, fill, rest
from sandbox.online_orders.order import Change, OnlineOrder, OrderError, Provider, Wish, cents, due, find, save
from sandbox.people import PEOPLE, Person
from sandbox.square.call import Json
from sandbox.state import State


def providers(state: State) -> list[Provider]:
    """Those that can be used."""
    return ["square", "demo-eats"] if state.settings.listener_url else ["square"]


def locations(state: State) -> list[Json]:
    """As Square's stand-in knows them, in the order in which they were made."""
    return [json.loads(row["body"]) for row in state.db.execute("SELECT body FROM square_location ORDER BY rowid")]


def place(state: State, wish: Wish) -> OnlineOrder:
    """Raises OrderError."""
    if wish.provider not in providers(state):
        raise OrderError(f"{wish.provider} reaches nobody: set SANDBOX_LISTENER_URL and SANDBOX_ORDER_SECRET")
    location = next((one for one in locations(state) if one["name"] == wish.location), None)
    if location is None:
        known = ", ".join(one["name"] for one in locations(state)) or "none yet: run the DAG square_setup first"
        raise OrderError(f"no location {wish.location!r}; there are {known}")
    person = random.choice(PEOPLE)
    amount_cents, now = cents(wish.amount), datetime.now(UTC)
    order = OnlineOrder(
        order_id=f"de_{uuid4().hex[:16]}",
        provider=wish.provider,
        location_id=location["id"],
        location=location["name"],
        zone=location["timezone"],
        amount_cents=amount_cents,
        currency=location["currency"],
        due_at=due(wish.due_at, ZoneInfo(location["timezone"]), now),
        placed_at=now,
        customer=Person(wish.customer_name, person.phone) if wish.customer_name else person,
        lines=_lines(state, location, amount_cents),
    )
    with state.transaction() as db:
        if order.provider == "square":
            order = msgspec.structs.replace(order, order_id=square_shop.place(state, order))
        else:
            demo_eats.tell(state, "order.created", order)
        save(db, order)
    return order


def change(state: State, order_id: str, wish: Change) -> OnlineOrder | None:
    """None if there is no such order. Raises OrderError."""
    order = find(state.db, order_id)
    if order is None:
        return None
    if order.is_cancelled:
        raise OrderError("the order is cancelled")
    changed = msgspec.structs.replace(order, is_cancelled=bool(wish.cancelled))
    if wish.amount is not None:
        amount_cents = cents(wish.amount)
        location = next(one for one in locations(state) if one["id"] == order.location_id)
        lines = _lines(state, location, amount_cents)
        changed = msgspec.structs.replace(changed, amount_cents=amount_cents, lines=lines)
    if wish.due_at is not None:
        due_at = due(wish.due_at, ZoneInfo(order.zone), datetime.now(UTC))
        changed = msgspec.structs.replace(changed, due_at=due_at)
    with state.transaction() as db:
        if order.provider == "square":
            square_shop.change(state, changed)
        else:
            demo_eats.tell(state, "order.cancelled" if changed.is_cancelled else "order.updated", changed)
        save(db, changed)
    return changed


def _lines(state: State, location: Json, cents: int) -> list[Line]:
    """They add up to the amount without taxes; Square's shop puts taxes in the last line's place."""
    items = fill(state.db, location, cents * 4 // 5)
    return [*items, rest(cents - sum(line.cents for line in items))]
