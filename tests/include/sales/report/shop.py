"""Writes a chain's sales straight into gold, as square_sync would leave them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import psycopg

from include.config import Chain, Location

FRIDAY = date(2026, 11, 20)
LONG_AFTER = datetime(2026, 12, 24, tzinfo=UTC)


@dataclass
class Shop:
    """Literal sales of a test. Order keys count up."""

    connection: psycopg.Connection
    order_keys: Iterator[int] = field(default_factory=lambda: count(1))

    def opens(self, location: Location, *, synced_until_at: datetime | None = LONG_AFTER) -> int:
        """:returns: the location's key in gold."""
        square_id = f"L-{location.name}"
        for year in (2024, 2025, 2026):
            self.connection.execute("SELECT gold.ensure_fact_sales_partition(%s)", [year])
        if synced_until_at is not None:
            self.synced(location, synced_until_at)
        return self._key(
            """
            INSERT INTO gold.dim_location
                (location_id, name, timezone, currency, country, market, parent_company, is_active)
            VALUES (%s, %s, %s, %s, %s, %s, %s, true) RETURNING location_key
            """,
            square_id, location.name, location.timezone, location.currency, location.country, location.market,
            location.parent_company,
        )  # fmt: skip

    def synced(self, location: Location, until_at: datetime) -> None:
        self.connection.execute(
            """
            INSERT INTO bronze.watermark (source, scope, updated_at) VALUES ('orders', %s, %s)
            ON CONFLICT (source, scope) DO UPDATE SET updated_at = excluded.updated_at
            """,
            [f"L-{location.name}", until_at],
        )

    def offers(self, item: str, variation: str = "", category: str = "Classic", kind: str = "variation") -> int:
        """:returns: the product's key in gold."""
        return self._key(
            """
            INSERT INTO gold.dim_product (product_id, kind, item_name, variation_name, category, is_deleted)
            VALUES (%s, %s, %s, %s, %s, false) RETURNING product_key
            """,
            f"{kind} {item} {variation}", kind, item, variation, category,
        )  # fmt: skip

    def offers_modifier(self, name: str) -> int:
        return self.offers(name, category="", kind="modifier")

    def sells(self, location_key: int, day: date, *lines: dict[str, Any], tip: int = 0, service_charge: int = 0) -> int:
        """One order. A line: product, gross, and optionally units, discount, tax and modifiers [(product, gross)].

        :param tip: in cents, as all amounts.
        """
        order_key = next(self.order_keys)
        for number, line in enumerate(lines, start=1):
            units = line.get("units", 1)
            self._fact(
                order_key, number, 0, "line", location_key, day, product_key=line["product"], quantity=units,
                gross=line["gross"], discount=line.get("discount", 0), tax=line.get("tax", 0),
                currency=line.get("currency"),
            )  # fmt: skip
            for position, (modifier, gross) in enumerate(line.get("modifiers", ()), start=1):
                self._fact(
                    order_key, number, position, "modifier", location_key, day, product_key=modifier,
                    line_product_key=line["product"], quantity=units, gross=gross,
                )  # fmt: skip
        if tip or service_charge:
            self._fact(order_key, 0, 0, "order", location_key, day, quantity=0, tip=tip, service_charge=service_charge)
        return order_key

    def gives_back(self, location_key: int, day: date, *lines: dict[str, Any], reason: str = "") -> int:
        """One return: lines of product, refund, and optionally units and tax."""
        order_key = next(self.order_keys)
        for number, line in enumerate(lines, start=1):
            self._fact(
                order_key, number, 0, "return", location_key, day, product_key=line["product"],
                quantity=line.get("units", 1), refund=line["refund"], tax=-line.get("tax", 0),
            )  # fmt: skip
        if reason:
            self.connection.execute(
                """
                INSERT INTO silver.refunds (refund_id, order_key, location_id, status, reason, amount_cents, currency,
                    refunded_at)
                VALUES (%s, %s, 'L', 'COMPLETED', %s, 1, 'USD', now())
                """,
                [str(order_key), order_key, reason],
            )
        return order_key

    def waits_for_gold(self, location: Location, day: date) -> None:
        """One order that silver has changed and gold has not taken over."""
        order = {
            "order_key": next(self.order_keys), "order_id": "waiting", "version": 1,
            "location_id": f"L-{location.name}",
            "state": "COMPLETED", "source": "", "currency": "USD", "business_date": day,
            "created_at": LONG_AFTER, "updated_at": LONG_AFTER,
        }  # fmt: skip
        columns = self.connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'silver.orders'::regclass AND attname LIKE '%_cents'"
        )
        order |= {name: 0 for (name,) in columns}
        self.connection.execute(
            """
            INSERT INTO silver.orders OVERRIDING SYSTEM VALUE
            SELECT * FROM jsonb_populate_record(NULL::silver.orders, %s)
            """,
            [json.dumps(order, default=str)],
        )
        self.connection.execute("INSERT INTO gold.pending_order VALUES (%s)", [order["order_key"]])

    def closes_the_books(self) -> None:
        """Refreshes what square_sync refreshes, and commits."""
        for view in ("daily_sales_summary", "product_performance"):
            self.connection.execute(f"REFRESH MATERIALIZED VIEW gold.{view}")
        self.connection.commit()

    def _fact(
        self, order_key: int, line_number: int, modifier_number: int, kind: str, location_key: int, day: date, *,
        product_key: int | None = None, line_product_key: int | None = None, quantity: int = 1, gross: int = 0,
        discount: int = 0, refund: int = 0, tax: int = 0, service_charge: int = 0, tip: int = 0,
        currency: str | None = None,
    ) -> None:  # fmt: skip
        net = gross - discount - refund
        self.connection.execute(
            """
            INSERT INTO gold.fact_sales VALUES (
                %(day)s, %(order_key)s, %(line_number)s, %(modifier_number)s, %(kind)s, %(location_key)s,
                %(product_key)s, %(line_product_key)s, NULL, %(quantity)s, %(gross)s, %(discount)s, %(refund)s, %(net)s,
                %(tax)s, %(service_charge)s, %(tip)s, %(total)s,
                coalesce(%(currency)s, (SELECT currency FROM gold.dim_location WHERE location_key = %(location_key)s)),
                %(day)s + interval '19 hours'
            )
            """,
            {
                "day": day, "order_key": order_key, "line_number": line_number, "modifier_number": modifier_number,
                "kind": kind, "location_key": location_key, "product_key": product_key,
                "line_product_key": line_product_key, "quantity": quantity, "gross": gross, "discount": discount,
                "refund": refund, "net": net, "tax": tax, "service_charge": service_charge, "tip": tip,
                "total": net + tax + service_charge + tip, "currency": currency,
            },
        )  # fmt: skip

    def _key(self, statement: str, *values: Any) -> int:
        row = self.connection.execute(statement.encode(), values).fetchone()
        assert row is not None
        key: int = row[0]
        return key


def chain_of(*locations: Location, name: str = "Four Corners") -> Chain:
    from include.config import load_chain

    return load_chain().model_copy(update={"locations": locations, "name": name})
