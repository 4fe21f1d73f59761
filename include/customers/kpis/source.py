"""Where customers and orders come from: a partner's files or Square, in the warehouse or in memory.

Every source gives the same three relations, and the KPIs know nothing else:

- ``customer``: one row per known customer;
- ``sale``: one row per SKU of an order;
- ``placed_order``: one row per order, added up from ``sale``.

docs/customer-kpis.md describes their columns.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Literal, LiteralString, Self
from zoneinfo import ZoneInfo

import psycopg
from psycopg import IsolationLevel

from include.config import Chain
from include.config.partner import Partner
from include.customers.kpis.engines import Engine, Parameters, Postgres
from include.warehouse.statements import statements_in

relation = statements_in(Path(__file__).parent / "sources")
TOP_CUSTOMER_COUNT = 100


class Source(AbstractContextManager["Source"], ABC):
    """Open as long as its block: what it reads is of one moment.

    :ivar currency: ISO 4217; all amounts are in its minor units.
    :ivar zone: in which people read the times.
    :ivar has_files: whether it comes from files of a partner, whose state the data quality tells.
    """

    name: ClassVar[Literal["partner", "square"]]
    has_files: ClassVar[bool]
    # In the order in which they are made of one another.
    relations: ClassVar[tuple[LiteralString, ...]]
    currency: str
    zone: ZoneInfo
    top_customer_count: int

    def __init__(self) -> None:
        self._open = ExitStack()

    @abstractmethod
    def _engine(self, open_: ExitStack) -> Engine:
        """Opens what the source reads from; the stack closes it."""

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            self._reads = self._engine(opening)
            for name in self.relations:
                self._reads.create(name, relation(f"{self.name}/{name}"), self._parameters)
            self._reads.create("placed_order", relation("placed_order"))
            self._open = opening.pop_all()
        return self

    def __exit__(self, *error: Any) -> None:
        self._open.__exit__(*error)

    @property
    def _parameters(self) -> dict[str, Any]:
        """What the relations are bound to."""
        return {}

    def stream(self, statement: LiteralString, parameters: Parameters | None = None) -> Iterator[tuple[Any, ...]]:
        """A statement's rows in constant memory, from either engine alike; several may be read in turns."""
        return self._reads.stream(statement, parameters)

    def all(self, statement: LiteralString, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        return list(self.stream(statement, parameters))

    def one(self, statement: LiteralString, parameters: Parameters | None = None) -> tuple[Any, ...]:
        (row,) = self.stream(statement, parameters)
        return row

    @property
    def newest_day(self) -> date | None:
        """The newest business day that anything is known of; None where nothing is."""
        (day,) = self.one("SELECT greatest(max(business_date), max(delivery_date)) FROM sale")
        return day if isinstance(day, date) else None


class PartnerSource(Source):
    """A partner's files, wherever their rows are."""

    name = "partner"
    has_files = True
    relations = ("customer", "sale")

    def __init__(self, partner: Partner) -> None:
        super().__init__()
        self.currency = partner.currency
        self.zone = partner.zone
        self.top_customer_count = partner.top_customer_count


class PartnerWarehouse(PartnerSource):
    """What a partner's files have brought into the storekeeper database, read as one snapshot.

    :param connection: with no transaction begun in it; the source's own is rolled back at its end.
    """

    def __init__(self, connection: psycopg.Connection, partner: Partner) -> None:
        super().__init__(partner)
        self._connection = connection

    def _engine(self, open_: ExitStack) -> Engine:
        return _snapshot(self._connection, open_)


class SquareWarehouse(Source):
    """Square's customers and completed orders in one currency, read from the storekeeper database as one snapshot.

    :param connection: with no transaction begun in it; the source's own is rolled back at its end.
    :param currency: that of most locations unless given: amounts of two do not add up.
    """

    name = "square"
    has_files = False
    relations = ("sale", "customer")

    def __init__(self, connection: psycopg.Connection, chain: Chain, *, currency: str | None = None) -> None:
        super().__init__()
        self._connection = connection
        self.currency = currency or Counter(location.currency for location in chain.locations).most_common(1)[0][0]
        zones = Counter(location.timezone for location in chain.locations if location.currency == self.currency)
        self.zone = ZoneInfo(zones.most_common(1)[0][0])
        self.top_customer_count = TOP_CUSTOMER_COUNT

    def _engine(self, open_: ExitStack) -> Engine:
        return _snapshot(self._connection, open_)

    @property
    def _parameters(self) -> dict[str, Any]:
        return {"currency": self.currency, "timezone": self.zone.key}


def _snapshot(connection: psycopg.Connection, open_: ExitStack) -> Engine:
    open_.callback(setattr, connection, "isolation_level", connection.isolation_level)
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    open_.enter_context(connection.transaction(force_rollback=True))
    return Postgres(connection)
