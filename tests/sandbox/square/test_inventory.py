"""Stock: counts, adjustments, limits, history."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from square import Square
from square.core.api_error import ApiError
from square.types.location import Location
from square.types.order import Order

from tests.sandbox.square.conftest import Menu, errors_of, new_key, usd

COUNTED: list[dict[str, Any]] = [
    {
        "type": "MEASUREMENT_UNIT",
        "id": "#kilogram",
        "measurement_unit_data": {"measurement_unit": {"weight_unit": "METRIC_KILOGRAM"}, "precision": 5},
    },
    {
        "type": "ITEM",
        "id": "#flour",
        "item_data": {
            "name": "Flour",
            "variations": [
                {
                    "type": "ITEM_VARIATION",
                    "id": "#kilo-of-flour",
                    "item_variation_data": {
                        "name": "kg",
                        "pricing_type": "VARIABLE_PRICING",
                        "measurement_unit_id": "#kilogram",
                        "track_inventory": True,
                        "sellable": False,
                        "stockable": True,
                    },
                }
            ],
        },
    },
    {
        "type": "ITEM",
        "id": "#water",
        "item_data": {
            "name": "Water",
            "variations": [
                {
                    "type": "ITEM_VARIATION",
                    "id": "#bottle",
                    "item_variation_data": {
                        "name": "Bottle",
                        "pricing_type": "FIXED_PRICING",
                        "price_money": usd(200),
                        "track_inventory": True,
                    },
                }
            ],
        },
    },
]


@pytest.fixture
def counted(square: Square) -> Menu:
    """Flour by the kilogram, which is not sold, and water by the bottle, which is."""
    answer = square.catalog.batch_upsert(idempotency_key=new_key(), batches=[{"objects": COUNTED}])
    return Menu({str(one.client_object_id): str(one.object_id) for one in answer.id_mappings or []})


@pytest.fixture
def stock(square: Square, location: Location, counted: Menu) -> "Stock":
    return Stock(square, {"catalog_object_id": counted["#kilo-of-flour"], "location_id": str(location.id)})


@pytest.fixture
def bottles(square: Square, location: Location, counted: Menu) -> "Stock":
    return Stock(square, {"catalog_object_id": counted["#bottle"], "location_id": str(location.id)})


class Stock:
    """The stock of one variation at one location."""

    def __init__(self, square: Square, where: dict[str, str]) -> None:
        self.square = square
        self.where = where

    def count(self, quantity: str, hours_ago: float = 0, **fields: Any) -> dict[str, Any]:
        return self._change("PHYSICAL_COUNT", {"state": "IN_STOCK", "quantity": quantity, **fields}, hours_ago)

    def move(self, from_state: str, to_state: str, quantity: str, hours_ago: float = 0) -> dict[str, Any]:
        fields = {"from_state": from_state, "to_state": to_state, "quantity": quantity}
        return self._change("ADJUSTMENT", fields, hours_ago)

    def counts(self) -> dict[str, str]:
        found = self.square.inventory.get(catalog_object_id=self.where["catalog_object_id"])
        return {str(count.state): str(count.quantity) for count in found}

    def _change(self, kind: str, fields: dict[str, Any], hours_ago: float) -> dict[str, Any]:
        occurred_at = (datetime.now(UTC) - timedelta(hours=hours_ago, seconds=1)).isoformat()
        return {"type": kind, kind.lower(): {**self.where, "occurred_at": occurred_at, **fields}}

    def write(self, *changes: dict[str, Any], key: str = "", **options: Any) -> dict[str, str]:
        """Quantities by state after the changes."""
        wish: Any = list(changes)
        answer = self.square.inventory.batch_create_changes(idempotency_key=key or new_key(), changes=wish, **options)
        return {str(count.state): str(count.quantity) for count in answer.counts or []}


def test_counts_and_movements_add_up_to_five_decimals(stock: Stock) -> None:
    assert stock.write(stock.count("10")) == {"IN_STOCK": "10"}
    counts = stock.write(
        stock.move("IN_STOCK", "SOLD", "0.12345"),
        stock.move("IN_STOCK", "WASTE", "1.5"),
        stock.move("NONE", "IN_STOCK", "20"),
    )
    assert counts == {"IN_STOCK": "28.37655", "WASTE": "1.5"}


def test_a_repeated_key_moves_stock_once(stock: Stock) -> None:
    stock.write(stock.count("10"))
    move, key = stock.move("IN_STOCK", "SOLD", "4"), new_key()
    assert stock.write(move, key=key) == stock.write(move, key=key) == {"IN_STOCK": "6"}
    with pytest.raises(ApiError) as error:
        stock.write(stock.move("IN_STOCK", "SOLD", "5"), key=key)
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "IDEMPOTENCY_KEY_REUSED")]


@pytest.mark.parametrize(
    ("from_state", "to_state", "quantity"),
    [
        ("SOLD", "IN_STOCK", "1"),
        ("IN_STOCK", "RESERVED_FOR_SALE", "1"),
        ("IN_STOCK", "SOLD", "0.123456"),
        ("IN_STOCK", "SOLD", "-1"),
        ("IN_STOCK", "SOLD", "many"),
    ],
)
def test_a_movement_that_square_would_refuse_is_refused(
    stock: Stock, from_state: str, to_state: str, quantity: str
) -> None:
    with pytest.raises(ApiError) as error:
        stock.write(stock.move(from_state, to_state, quantity))
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "INVALID_VALUE")]


@pytest.mark.parametrize("hours_ago", [24.1, -1])
def test_what_happened_more_than_a_day_ago_or_will_happen_is_refused(stock: Stock, hours_ago: float) -> None:
    with pytest.raises(ApiError) as error:
        stock.write(stock.count("1", hours_ago))
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "INVALID_TIME")]


def test_one_bad_change_keeps_all_of_the_call_out(stock: Stock) -> None:
    with pytest.raises(ApiError):
        stock.write(stock.count("10"), stock.move("SOLD", "IN_STOCK", "1"))
    assert list(stock.square.inventory.get(catalog_object_id=stock.where["catalog_object_id"])) == []


def test_at_most_100_changes_a_call(stock: Stock) -> None:
    move = stock.move("NONE", "IN_STOCK", "1")
    assert stock.write(*[move] * 100) == {"IN_STOCK": "100"}
    with pytest.raises(ApiError) as error:
        stock.write(*[move] * 101)
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "ARRAY_LENGTH_TOO_LONG")]


def test_counts_and_changes_are_read_back_page_by_page(stock: Stock) -> None:
    stock.write(stock.count("10"), stock.move("IN_STOCK", "WASTE", "1"), stock.move("IN_STOCK", "SOLD", "2"))
    where: Any = {name + "s": [value] for name, value in stock.where.items()}
    counts = stock.square.inventory.batch_get_counts(**where, limit=1)
    assert [(count.state, count.quantity) for count in counts] == [("IN_STOCK", "7"), ("WASTE", "1")]
    changes = list(stock.square.inventory.batch_get_changes(**where, limit=2))
    assert [change.type for change in changes] == ["PHYSICAL_COUNT", "ADJUSTMENT", "ADJUSTMENT"]
    sold = stock.square.inventory.batch_get_changes(**where, states=["SOLD"])
    assert [change.adjustment.quantity for change in sold if change.adjustment] == ["2"]


def test_what_occurred_before_the_last_count_is_in_it(stock: Stock) -> None:
    stock.write(stock.count("10", hours_ago=2))
    assert stock.write(stock.move("IN_STOCK", "SOLD", "1", hours_ago=1)) == {"IN_STOCK": "9"}
    assert stock.write(stock.move("IN_STOCK", "SOLD", "4", hours_ago=3)) == {"IN_STOCK": "9"}
    assert stock.write(stock.count("20", hours_ago=3)) == {"IN_STOCK": "9"}


def test_a_count_that_comes_late_is_reckoned_on_from(stock: Stock) -> None:
    stock.write(stock.count("10", hours_ago=4), stock.move("IN_STOCK", "SOLD", "1", hours_ago=1))
    assert stock.write(stock.count("5", hours_ago=2)) == {"IN_STOCK": "4"}


def test_a_quantity_has_the_decimals_of_its_unit(stock: Stock, bottles: Stock) -> None:
    assert stock.write(stock.count("0.12345")) == {"IN_STOCK": "0.12345"}
    with pytest.raises(ApiError) as error:
        bottles.write(bottles.count("0.5"))
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "INVALID_VALUE")]


@pytest.mark.parametrize(
    "unit",
    [
        {"measurement_unit": {"weight_unit": "METRIC_KILOGRAM"}, "precision": 6},
        {"measurement_unit": {}},
        {"measurement_unit": {"weight_unit": "METRIC_KILOGRAM", "volume_unit": "METRIC_LITER"}},
    ],
)
def test_a_measurement_unit_is_one_unit_with_at_most_five_decimals(square: Square, unit: dict[str, Any]) -> None:
    wish: Any = {"type": "MEASUREMENT_UNIT", "id": "#unit", "measurement_unit_data": unit}
    with pytest.raises(ApiError) as error:
        square.catalog.object.upsert(idempotency_key=new_key(), object=wish)
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "INVALID_VALUE")]


def test_what_is_sold_is_taken_off_once_it_is_paid(
    bottles: Stock, place_order: Callable[..., Order], pay: Callable[..., Any]
) -> None:
    bottles.write(bottles.count("10"))
    line = {"quantity": "3", "catalog_object_id": bottles.where["catalog_object_id"]}
    order = place_order(line_items=[line, line])
    assert bottles.counts() == {"IN_STOCK": "10"}
    pay(order)
    assert bottles.counts() == {"IN_STOCK": "4"}


def test_what_is_not_counted_is_sold_without_a_count(
    square: Square, menu: Menu, place_order: Callable[..., Order], pay: Callable[..., Any]
) -> None:
    pay(place_order(line_items=[{"quantity": "3", "catalog_object_id": menu["#small"]}]))
    assert list(square.inventory.get(catalog_object_id=menu["#small"])) == []
