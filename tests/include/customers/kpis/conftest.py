"""Six days of a partner, small enough to add up by hand."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import pytest

from include.config.partner import Partner
from include.customers.kpis import Source
from tests.conftest import Databases
from tests.include.customers.kpis.story import PARTNER, Customer, Line, Story

FRIDAY = date(2026, 11, 20)
# On Friday Bob has another number, and neither his name nor his region is told again.
ADA, OLD_BOB, NAMELESS, DEE, BOB, NOBODY = (f"+1212555010{digit}" for digit in (1, 2, 3, 4, 8, 9))


def line(order_id: str, number: str, at: str, sku_id: str, sku_count: int, cents: int) -> Line:
    return Line(order_id, number, datetime.fromisoformat(at), sku_id, sku_count, cents)


def tell(folder: Path, partner: Partner = PARTNER) -> Story:
    story = Story(folder, partner)
    story.customers(
        date(2026, 10, 5),
        [
            Customer("C1", "Ada", ADA, "North"),
            Customer("C2", "Bob", OLD_BOB, "South"),
            Customer("C3", "", NAMELESS, ""),
        ],
    )
    story.orders(date(2026, 10, 5), [line("A1", ADA, "2026-10-05T12:00", "S1", 1, 1000)])
    story.orders(date(2026, 10, 25), [line("A2", OLD_BOB, "2026-10-25T12:00", "S2", 2, 2000)])
    story.orders(date(2026, 11, 13), [line("B1", ADA, "2026-11-13T12:00", "S1", 1, 3000)])
    story.orders(
        date(2026, 11, 19),
        # Only an order's first row gives the number.
        [line("B2", ADA, "2026-11-19T12:00", "S1", 1, 500), line("B2", "", "2026-11-19T12:00", "S2", 1, 700)],
    )
    story.customers(FRIDAY, [Customer("C2", "", BOB, ""), Customer("C4", "Dee", DEE, "North")])
    story.orders(
        FRIDAY,
        [
            line("E1", ADA, "2026-11-20T00:00", "S1", 1, 4000),
            line("E2", "(212) 555-0101", "2026-11-20T12:00", "S2", 1, 800),
            line("E3", BOB, "2026-11-20T13:00", "S1", 3, 1600),
            line("E4", NOBODY, "2026-11-20T14:00", "S1", 1, 999),
            line("E5", "call me", "2026-11-20T15:00", "S1", 1, 101),
            line("E6", NAMELESS, "2026-11-18T12:00", "S1", 1, 200),
            line("E7", DEE, "2026-11-20T23:59:59", "S2", 1, 1200),
        ],
    )
    return story


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return tell(tmp_path)


@pytest.fixture(scope="module", params=["files alone", "warehouse"])
def source(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Source]:
    """The story as a source, only to be read: opened once for all tests of a module."""
    story = tell(tmp_path_factory.mktemp("story"))
    with ExitStack() as opened:
        if request.param == "files alone":
            yield opened.enter_context(story.alone())
        else:
            connection = opened.enter_context(opened.enter_context(databases.one()).connect())
            yield opened.enter_context(story.in_warehouse(connection))
