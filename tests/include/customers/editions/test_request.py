"""What a run's params ask for."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from include.config import load_chain
from include.config.partner import load_partner
from include.customers.editions.request import Wish, read_wish

# In New York it is still the 20th.
RUN_AFTER = datetime(2026, 11, 21, 4, tzinfo=UTC)


def wish(**params: Any) -> Wish | None:
    partner = load_partner()
    assert partner is not None
    return read_wish(
        {"source": "partner", "date": None} | params,
        partner,
        load_chain(),
        data_interval_end=None,
        run_after=RUN_AFTER,
    )


def test_without_a_date_it_is_what_has_come() -> None:
    assert wish() is None


def test_a_date_is_that_day() -> None:
    assert wish(date="2026-11-19") == Wish("partner", date(2026, 11, 19))


def test_of_square_it_is_the_newest_day_that_has_ended_everywhere() -> None:
    assert wish(source="square") == Wish("square", date(2026, 11, 19))


def test_the_day_that_is_not_over_can_be_asked_for_but_none_that_has_not_begun() -> None:
    assert wish(date="2026-11-20") == Wish("partner", date(2026, 11, 20))
    with pytest.raises(ValueError, match="date: 2026-11-21 has not begun"):
        wish(date="2026-11-21")


def test_what_is_no_day_is_refused_with_its_field() -> None:
    with pytest.raises(ValueError, match="date: "):
        wish(date="yesterday")
