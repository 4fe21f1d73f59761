"""Items made ahead of the one who works on them."""

import threading
from collections.abc import Iterator

import pytest

from include.warehouse.ahead import ahead


def test_items_are_fetched_ahead_in_order() -> None:
    fetched: list[int] = []
    is_ahead = threading.Event()

    def items() -> Iterator[int]:
        for number in range(10):
            fetched.append(number)
            if number == 3:
                is_ahead.set()
            yield number

    coming = ahead(items(), depth=3)
    assert next(coming) == 0
    assert is_ahead.wait(5), "three are fetched while the first is being worked on"
    assert list(coming) == list(range(1, 10))


def test_a_failed_fetch_reaches_the_caller() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ConnectionError("gone")

    coming = ahead(items(), depth=2)
    assert next(coming) == 1
    with pytest.raises(ConnectionError):
        next(coming)
