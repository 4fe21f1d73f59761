"""The inbox's webhook events as online orders. Square's only name the order: it is fetched."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
import psycopg

from include.config import Chain
from include.inbox.claims import MOST_ATTEMPTS, Row, UnavailableError
from include.online_orders import store
from include.online_orders.order import OnlineOrder, order_of_provider
from include.online_orders.places import location_of_provider, location_of_square, square_location_names
from include.online_orders.square_order import PROVIDER, SquareOrder, is_online, order_of_square, read_square_order
from include.square import bulk
from include.square.away import SquareAwayError, telling_away
from include.square.client import Square
from include.square.raw import closing

ORDER_EVENTS = {"order.created", "order.updated"}

log = logging.getLogger(__name__)


class _About(msgspec.Struct):
    version: int = 0


class _Object(msgspec.Struct):
    order_created: _About | None = None
    order_updated: _About | None = None


class _Data(msgspec.Struct):
    id: str
    object: _Object | None = None


class _Event(msgspec.Struct):
    data: _Data


_event_decoder = msgspec.json.Decoder(_Event)


class OrderNotFoundError(LookupError):
    """Square does not know the order that its event names: perhaps not yet."""


class Events:
    """Reads events as orders. What Square answered for a claim is kept for it, should its rows be tried one by one; a
    Square that is away is asked once.

    :param open_square: a client whose calls end, repeats included, well within minutes.
    """

    def __init__(self, chain: Chain, open_square: Callable[[], Square]) -> None:
        self._chain = chain
        self._open_square = open_square
        self._claimed_at: datetime | None = None
        self._fetched: dict[str, SquareOrder | None] = {}
        self._away: SquareAwayError | None = None
        self._location_names: dict[str, str] = {}

    def orders(self, connection: psycopg.Connection, rows: Sequence[Row]) -> list[OnlineOrder]:
        """
        :param rows: of one claim of inbox.webhook_event.
        :raises UnavailableError: Square is away; naming its rows, so that other providers' need not wait.
        :raises OrderNotFoundError: Square does not know an order, and a row that names it has tries left.
        """
        of_square = [row for row in rows if row["provider"] == PROVIDER and row["event_type"] in ORDER_EVENTS]
        orders = [self._of_provider(row) for row in rows if row["provider"] != PROVIDER]
        if of_square:
            try:
                orders += self._of_square(connection, of_square)
            except SquareAwayError as error:
                self._away = error
                raise UnavailableError(str(error), rows=of_square) from error
        return orders

    def _of_provider(self, row: Row) -> OnlineOrder:
        if row["online_order"] is None:
            raise ValueError(f"event {row['event_id']} of {row['provider']} holds no order")
        return order_of_provider(row, location_of_provider(self._chain, row["online_order"]["location"]))

    def _of_square(self, connection: psycopg.Connection, rows: Sequence[Row]) -> list[OnlineOrder]:
        if rows[0]["claimed_at"] != self._claimed_at:
            self._claimed_at, self._fetched = rows[0]["claimed_at"], {}
        if self._away:
            raise self._away
        versions: dict[str, int] = {}
        row_of: dict[str, Row] = {}
        for row in rows:
            order_id, version = _named(row["body"])
            versions[order_id] = max(version, versions.get(order_id, 0))
            row_of[order_id] = min(row, row_of.get(order_id, row), key=lambda each: int(each["attempt_count"]))
        known = store.known_orders(connection, [(PROVIDER, order_id) for order_id in versions])
        seen = {order_id for (_, order_id), each in known.items() if each.has_seen(versions[order_id])}
        found = self._fetch(versions.keys() - seen)
        missing = [order_id for order_id, order in found.items() if order is None]
        if early := [order_id for order_id in missing if row_of[order_id]["attempt_count"] < MOST_ATTEMPTS]:
            raise OrderNotFoundError(f"Square knows no order {', '.join(early[:3])}")
        for order_id in missing:
            log.warning("Square knows no order %s, after %d tries: its events are let go", order_id, MOST_ATTEMPTS)
        online = [order for order in found.values() if order and is_online(order, self._chain.large_orders.square)]
        names = self._names(connection, {order.location_id for order in online})
        return [order_of_square(order, location_of_square(self._chain, names, order.location_id)) for order in online]

    def _fetch(self, order_ids: Iterable[str]) -> dict[str, SquareOrder | None]:
        """The orders by id, None for those that Square does not know."""
        wanted = sorted(order_ids)
        if lacking := [order_id for order_id in wanted if order_id not in self._fetched]:
            with telling_away(), closing(self._open_square()) as client:
                bodies = bulk.orders_by_id(client, lacking)
            found = {order.id: order for order in map(read_square_order, bodies)}
            self._fetched |= {order_id: found.get(order_id) for order_id in lacking}
        return {order_id: self._fetched[order_id] for order_id in wanted}

    def _names(self, connection: psycopg.Connection, location_ids: set[str]) -> Mapping[str, str]:
        if not location_ids <= self._location_names.keys():
            self._location_names = square_location_names(connection)
        if not location_ids <= self._location_names.keys():
            # Before the first square_sync, or at a location that is newer than the last.
            with telling_away(), closing(self._open_square()) as client:
                self._location_names |= bulk.location_names(client)
        return self._location_names


def _named(body: bytes) -> tuple[str, int]:
    """The order that an event of Square's names, and its version then; 0 where it has none."""
    data = _event_decoder.decode(body).data
    about = data.object and (data.object.order_created or data.object.order_updated)
    return data.id, about.version if about else 0
