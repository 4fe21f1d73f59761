"""What is to be ordered becomes a proposal: one order per supplier and location, for somebody to approve."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg.rows import class_row

from include.config.ingredients import Ingredient
from include.config.inventory import Inventory
from include.inventory.restock.orders import PurchaseOrder, read_orders
from include.inventory.restock.reading import Item


@dataclass(frozen=True)
class Held:
    """An ingredient of which nothing more is proposed for now: somebody is asked, or has said what is to be ordered."""

    location_key: int
    ingredient_key: int
    number: str
    state: str
    order_by_at: datetime


def read_held(connection: psycopg.Connection, at: datetime) -> dict[tuple[int, int], Held]:
    """By location and ingredient. An answer counts until the supplier's deadline that it was given for has passed; none
    at all counts for nothing."""
    with connection.cursor(row_factory=class_row(Held)) as cursor:
        rows = cursor.execute(
            """
            SELECT DISTINCT ON (purchase_order.location_key, line.ingredient_key)
                purchase_order.location_key,
                line.ingredient_key,
                purchase_order.number,
                purchase_order.state,
                purchase_order.order_by_at
            FROM inventory.purchase_order
            JOIN inventory.purchase_order_line AS line USING (purchase_order_key)
            WHERE purchase_order.state = 'proposed'
                OR (
                    purchase_order.decided_by IS NOT NULL
                    AND purchase_order.order_by_at >= %s
                    AND line.ordered_pack_count < line.proposed_pack_count
                )
            ORDER BY
                purchase_order.location_key,
                line.ingredient_key,
                purchase_order.state = 'proposed' DESC,
                purchase_order.purchase_order_key DESC
            """,
            [at],
        ).fetchall()
    return {(row.location_key, row.ingredient_key): row for row in rows}


def propose(
    connection: psycopg.Connection,
    inventory: Inventory,
    items: Sequence[Item],
    held: dict[tuple[int, int], Held],
    ran_out: Collection[tuple[int, int]],
    *,
    run_id: str,
    at: datetime,
) -> list[PurchaseOrder]:
    """Proposes what is short and not held.

    :param ran_out: by location and ingredient, what has run out since it was decided on: that is asked again.
    """
    orders: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for item in items:
        pair = item.location_key, item.ingredient_key
        holder = held.get(pair)
        is_held = holder is not None and (holder.state == "proposed" or pair not in ran_out)
        if item.supplier and item.pack_count and not is_held:
            orders[item.location_key, item.supplier.name].append(item)
    answer_by_at = at + timedelta(hours=inventory.restock.approval_hours)
    keys = [_insert(connection, wanted, run_id, at, answer_by_at) for wanted in orders.values()]
    return read_orders(connection, keys)


def _insert(
    connection: psycopg.Connection, wanted: Sequence[Item], run_id: str, at: datetime, answer_by_at: datetime
) -> int:
    first = wanted[0]
    assert first.supplier is not None  # noqa: S101
    assert first.delivery is not None  # noqa: S101
    [(key,)] = connection.execute(
        """
        INSERT INTO inventory.purchase_order
            (location_key, supplier_key, run_id, proposed_at, answer_by_at, order_by_at, expected_date, currency)
        SELECT %s, supplier_key, %s, %s, %s, %s, %s, %s
        FROM inventory.supplier
        WHERE name = %s
        RETURNING purchase_order_key
        """,
        [
            first.location_key,
            run_id,
            at,
            answer_by_at,
            first.delivery.order_by_at,
            first.delivery.date,
            first.location.currency,
            first.supplier.name,
        ],
    ).fetchall()
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO inventory.purchase_order_line (
                purchase_order_key, ingredient_key, pack_name, pack_quantity, pack_price_cents, proposed_pack_count,
                on_hand, on_order, reorder_point, maximum_quantity, daily_use, runs_out_date
            )
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            [_line(key, item) for item in wanted],
        )
    return int(key)


def _line(purchase_order_key: int, item: Item) -> list[object]:
    pack = item.ingredient.pack
    assert pack is not None  # noqa: S101
    return [
        purchase_order_key,
        item.ingredient_key,
        pack.name,
        pack.quantity,
        _price(item.ingredient, item),
        item.pack_count,
        item.shelf.on_hand,
        item.shelf.on_order,
        item.outlook.reorder_point,
        item.outlook.maximum,
        item.outlook.daily_use,
        item.outlook.runs_out_date,
    ]


def _price(ingredient: Ingredient, item: Item) -> int | None:
    """Of a pack on the item's business day."""
    known = [price for price in ingredient.prices if price.from_date <= item.shelf.today]
    return max(known, key=lambda price: price.from_date).price_cents if known else None
