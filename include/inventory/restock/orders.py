"""Purchase orders as the database holds them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import psycopg
from psycopg.rows import class_row, dict_row

from include.inventory.restock.statements import statement


@dataclass(frozen=True)
class OrderLine:
    """An ingredient of an order; quantities are in its unit. What led to it is as it was when it was proposed."""

    purchase_order_key: int
    ingredient_key: int
    ingredient_name: str
    unit: str
    pack_name: str
    pack_quantity: Decimal
    pack_price_cents: int | None
    proposed_pack_count: int
    # None until decided.
    ordered_pack_count: int | None
    ordered_quantity: Decimal
    received_quantity: Decimal
    remaining_quantity: Decimal
    on_hand: Decimal
    on_order: Decimal
    reorder_point: Decimal
    maximum_quantity: Decimal
    daily_use: Decimal | None
    runs_out_date: date | None

    @property
    def pack_count(self) -> int:
        """As ordered, and until then as proposed."""
        return self.proposed_pack_count if self.ordered_pack_count is None else self.ordered_pack_count

    @property
    def quantity(self) -> Decimal:
        return self.pack_count * self.pack_quantity


@dataclass(frozen=True)
class PurchaseOrder:
    """What a supplier is to deliver to a location, proposed, decided on, or done."""

    purchase_order_key: int
    number: str
    location_key: int
    location_name: str
    supplier_name: str
    state: str
    run_id: str
    # Which of the run's tasks asks for the answer.
    map_index: int
    proposed_at: datetime
    answer_by_at: datetime
    order_by_at: datetime
    expected_date: date
    currency: str
    decided_at: datetime | None
    decided_by: str | None
    chased_date: date | None
    lines: tuple[OrderLine, ...] = field(default=())

    @property
    def ordered_lines(self) -> tuple[OrderLine, ...]:
        return tuple(line for line in self.lines if line.pack_count)

    @property
    def total_cents(self) -> int | None:
        """By the prices of the configuration; None when it knows none of one of them."""
        prices = [
            (line.pack_count * line.pack_price_cents) if line.pack_price_cents is not None else None
            for line in self.ordered_lines
        ]
        return None if None in prices else sum(price for price in prices if price is not None)


def read_orders(connection: psycopg.Connection, purchase_order_keys: Collection[int]) -> list[PurchaseOrder]:
    """In the order in which they were proposed."""
    parameters = {"purchase_order_keys": list(purchase_order_keys)}
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    with connection.cursor(row_factory=class_row(OrderLine)) as cursor:
        for line in cursor.execute(statement("order_lines"), parameters):
            lines[line.purchase_order_key].append(line)
    with connection.cursor(row_factory=dict_row) as cursor:
        return [
            PurchaseOrder(**row, lines=tuple(lines[row["purchase_order_key"]]))
            for row in cursor.execute(statement("orders"), parameters)
        ]


def read_order(connection: psycopg.Connection, number: str, *, lock: bool = False) -> PurchaseOrder:
    """:param lock: nobody else changes it until the transaction ends.

    :raises ValueError: when there is none of that number.
    """
    query = "SELECT purchase_order_key FROM inventory.purchase_order WHERE number = %s"
    row = connection.execute(f"{query} FOR UPDATE" if lock else query, [number.strip().upper()]).fetchone()
    if row is None:
        raise ValueError(f"there is no purchase order {number!r}; they are called PO-1, PO-2 and so on")
    [order] = read_orders(connection, [row[0]])
    return order
