"""A seller with one location and a small menu, reached through Square's SDK."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from square import Square
from square.types.location import Location
from square.types.order import Order

from tests.sandbox_process import Sandbox

Money = dict[str, Any]

MENU: list[dict[str, Any]] = [
    {
        "type": "TAX",
        "id": "#tax",
        "tax_data": {"name": "Sales tax", "inclusion_type": "ADDITIVE", "percentage": "8.875", "enabled": True},
    },
    {"type": "CATEGORY", "id": "#food", "category_data": {"name": "Food"}},
    {"type": "CATEGORY", "id": "#pizza", "category_data": {"name": "Pizza", "parent_category": {"id": "#food"}}},
    {
        "type": "MODIFIER_LIST",
        "id": "#extras",
        "modifier_list_data": {
            "name": "Extras",
            "modifiers": [
                {
                    "type": "MODIFIER",
                    "id": "#cheese",
                    "modifier_data": {"name": "Cheese", "price_money": {"amount": 150, "currency": "USD"}},
                },
                {"type": "MODIFIER", "id": "#no-onion", "modifier_data": {"name": "No onion"}},
            ],
        },
    },
    {
        "type": "ITEM",
        "id": "#margherita",
        "item_data": {
            "name": "Margherita",
            "categories": [{"id": "#pizza"}],
            "tax_ids": ["#tax"],
            "modifier_list_info": [{"modifier_list_id": "#extras"}],
            "variations": [
                {
                    "type": "ITEM_VARIATION",
                    "id": f"#{name.lower()}",
                    "item_variation_data": {
                        "name": name,
                        "pricing_type": "FIXED_PRICING",
                        "price_money": {"amount": cents, "currency": "USD"},
                    },
                }
                for name, cents in (("Small", 999), ("Large", 1499))
            ],
        },
    },
]


def new_key() -> str:
    return str(uuid4())


def usd(cents: int) -> Money:
    return {"amount": cents, "currency": "USD"}


def cents(money: Any) -> int:
    assert money.currency == "USD"
    return int(money.amount)


def errors_of(error: Any) -> list[tuple[str, str]]:
    """Category and code of the errors that the SDK raised."""
    return [(one["category"], one["code"]) for one in error.value.body["errors"]]


@dataclass(frozen=True)
class Menu:
    """The ids that Square gave to MENU's objects, by temporary id."""

    ids: dict[str, str]

    def __getitem__(self, temporary_id: str) -> str:
        return self.ids[temporary_id]


@pytest.fixture
def square(sandbox: Sandbox) -> Square:
    return Square(token=sandbox.token, base_url=sandbox.square_url, httpx_client=sandbox.client)


@pytest.fixture
def location(square: Square) -> Location:
    created: Location | None = square.locations.create(
        location={"name": "Manhattan", "timezone": "America/New_York", "address": {"country": "US"}}
    ).location
    assert created
    return created


@pytest.fixture
def menu(square: Square) -> Menu:
    answer = square.catalog.batch_upsert(idempotency_key=new_key(), batches=[{"objects": MENU}])
    mappings = answer.id_mappings or []
    return Menu({str(one.client_object_id): str(one.object_id) for one in mappings})


@pytest.fixture
def place_order(square: Square, location: Location) -> Callable[..., Order]:
    """Creates an order at the location; without `line_items` one pizza for 10 dollars."""

    def place(**order: Any) -> Order:
        order.setdefault("line_items", [{"name": "Pizza", "quantity": "1", "base_price_money": usd(1000)}])
        options = order.pop("request_options", None)
        created: Order | None = square.orders.create(
            order={"location_id": location.id, **order}, request_options=options
        ).order
        assert created
        return created

    return place


@pytest.fixture
def pay(square: Square) -> Callable[..., Any]:
    """Pays all that is due on an order by card."""

    def pay_by_card(order: Order, tip_cents: int = 0, **payment: Any) -> Any:
        assert order.net_amount_due_money
        return square.payments.create(
            source_id="cnon:card-nonce-ok",
            idempotency_key=new_key(),
            order_id=order.id,
            amount_money=usd(cents(order.net_amount_due_money)),
            tip_money=usd(tip_cents),
            **payment,
        ).payment

    return pay_by_card
