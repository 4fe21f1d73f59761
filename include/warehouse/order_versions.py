"""Many orders typed at once: of each its latest version that can be. Pure, so that it can run ahead in a thread."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

import msgspec

from include.warehouse.rejections import MalformedError, Rejection, check_text, illegible
from include.warehouse.square_order import Key, key_decoder
from include.warehouse.typed_order import TypedOrder, type_order


class Keyed(NamedTuple):
    """An order whose key could be read."""

    key: Key
    body: bytes

    @property
    def version(self) -> tuple[int, datetime]:
        return self.key.version, self.key.updated_at


@dataclass
class Versions:
    """Orders, each in its latest version that can be typed, and what is later and cannot."""

    seen_count: int = 0
    # Whether an order of an unknown location can be typed, nobody knows yet: it is kept without.
    latest: list[tuple[Keyed, TypedOrder | None]] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    # The latest change that was seen, per location: how far the watermark may move.
    updated_at: dict[str, datetime] = field(default_factory=dict)


def type_orders(bodies: Iterable[bytes], currencies: Mapping[str, str]) -> Versions:
    """
    :param bodies: one order of Square's a piece, as JSON.
    :param currencies: of the locations that the configuration knows, by location id.
    """
    with _collector_at_rest():
        return _type_orders(bodies, currencies)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Rows are no cycles: to look for some among all that are being made takes nearly as long as making them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _type_orders(bodies: Iterable[bytes], currencies: Mapping[str, str]) -> Versions:
    versions = Versions()
    candidates: dict[str, list[Keyed]] = {}
    for body in bodies:
        versions.seen_count += 1
        try:
            each = Keyed(key_decoder.decode(body), body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            versions.rejections.append(illegible(body, error))
            continue
        candidates.setdefault(each.key.id, []).append(each)
        location_id, at = each.key.location_id, each.key.updated_at
        if location_id not in versions.updated_at or at > versions.updated_at[location_id]:
            versions.updated_at[location_id] = at
    for same_order in candidates.values():
        same_order.sort(key=attrgetter("version"), reverse=True)
        for each in same_order:
            try:
                versions.latest.append((each, _type(each, currencies.get(each.key.location_id))))
            except MalformedError as error:
                versions.rejections.append(Rejection(each.key.id, each.key.version, str(error), each.body))
            else:
                break
    return versions


def _type(each: Keyed, currency: str | None) -> TypedOrder | None:
    if currency is None:
        check_text(each.body)
        return None
    return type_order(each.body, currency)
