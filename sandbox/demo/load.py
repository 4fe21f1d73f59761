"""Makes the year and loads it into the stand-in, in pieces, so that it stores one while the next is made."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

import httpx
import msgspec

from sandbox.demo.orders import OrderMaker
from sandbox.demo.pizzaplace import placed_orders, shift
from sandbox.demo.seller import Json, NotSetUpError, Place, Seller, read_seller

PIECE = 2000
# The first location sells most; further ones sell as the last of these.
_SHARES = (36, 27, 20, 17)


@dataclass(frozen=True)
class Loaded:
    last_day: date
    order_count: int
    return_count: int
    customer_count: int


def load_year(
    sandbox_url: str, token: str, last_day: date | None, seed: int, progress: Callable[[int, int], None]
) -> Loaded:
    """Loads the year up to ``last_day`` (None: the newest that is over everywhere). The same again replaces the same
    orders.

    :param progress: is told how many orders are made, of how many.
    :raises NotSetUpError: when the stand-in has nothing to sell yet.
    """
    headers = {"Authorization": f"Bearer {token}"}
    with (
        httpx.Client(base_url=f"{sandbox_url}/square/", headers=headers, timeout=60) as square,
        httpx.Client(base_url=f"{sandbox_url}/sandbox/square/", headers=headers, timeout=60) as bulk,
        ThreadPoolExecutor(1) as sender,
    ):
        maker = OrderMaker(read_seller(square), Random(f"demo/{seed}"))
        last_day = last_day or _yesterday(maker.seller.places)
        sent: list[Future[None]] = []
        piece: list[bytes] = []
        total = returns = 0
        for made, order in _orders(maker, last_day, seed):
            piece.append(msgspec.json.encode(order))
            returns += "returns" in order
            total += 1
            if len(piece) == PIECE:
                sent.append(sender.submit(_send, bulk, "orders", piece))
                piece = []
                progress(*made)
        sent.append(sender.submit(_send, bulk, "orders", piece))
        sent.append(sender.submit(_send, bulk, "customers", [*map(msgspec.json.encode, maker.customers)]))
        for each in sent:
            each.result()
        return Loaded(last_day, total - returns, returns, len(maker.customers))


def _orders(maker: OrderMaker, last_day: date, seed: int) -> Iterator[tuple[tuple[int, int], Json]]:
    """Each order, with how many are made of how many."""
    placed = placed_orders()
    _check_menu(maker.seller, {sku for order in placed for sku in order.skus})
    places = Random(f"places/{seed}").choices(maker.seller.places, _weights(maker.seller.places), k=len(placed))
    moved = sorted(
        (
            (each.at + shift(each.at.date(), last_day), each.skus, place)
            for each, place in zip(placed, places, strict=True)
        ),
        key=lambda order: order[0],
    )
    for number, (at, skus, place) in enumerate(moved, start=1):
        for order in maker.make(place, at, skus):
            yield (number, len(moved)), order


def _yesterday(places: Sequence[Place]) -> date:
    """Returns come up to some hours after the last order: a day is over at four in the morning after."""
    return min((datetime.now(place.zone) - timedelta(hours=4)).date() for place in places) - timedelta(days=1)


def _weights(places: Sequence[Place]) -> list[int]:
    return [_SHARES[min(rank, len(_SHARES) - 1)] for rank in range(len(places))]


def _check_menu(seller: Seller, skus: set[str]) -> None:
    if missing := skus - seller.items.keys():
        raise NotSetUpError(
            f"the stand-in's catalog lacks the SKUs {', '.join(sorted(missing))}: is it the demo chain's?"
        )


def _send(bulk: httpx.Client, kind: str, objects: list[bytes]) -> None:
    bulk.post(kind, content=b"\n".join(objects)).raise_for_status()
