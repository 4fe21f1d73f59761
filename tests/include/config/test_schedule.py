from datetime import UTC, date, datetime

import pytest

from include.config import Chain, load_chain
from include.config.schedule import daily_schedule, last_ended, last_location


@pytest.fixture
def eastern() -> Chain:
    chain = load_chain()
    tokyo = chain.location("Manhattan").model_copy(update={"name": "Tokyo", "timezone": "Asia/Tokyo"})
    return chain.model_copy(update={"locations": (tokyo,)})


def test_the_schedule_waits_for_the_westernmost_location() -> None:
    assert last_location(load_chain()).name == "Santa Monica"
    assert daily_schedule(load_chain()) == ("0 5 * * *", "America/Los_Angeles")


def test_the_schedule_of_an_eastern_chain_is_an_eastern_one(eastern: Chain) -> None:
    assert daily_schedule(eastern) == ("0 4 * * *", "Asia/Tokyo")


@pytest.mark.parametrize(("hour", "minute", "day"), [(11, 59, 19), (12, 0, 20)])
def test_a_day_has_ended_when_its_last_location_has_cut_over(hour: int, minute: int, day: int) -> None:
    # 04:00 in Santa Monica.
    at = datetime(2026, 11, 21, hour, minute, tzinfo=UTC)
    assert last_ended(load_chain(), at) == date(2026, 11, day)
