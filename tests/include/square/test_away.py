import httpx
import pytest
from square.core.api_error import ApiError

from include.square.away import SquareAwayError, telling_away


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_an_answer_that_says_nothing_about_the_call_means_away(status: int) -> None:
    with pytest.raises(SquareAwayError, match=f"Square answers {status}"), telling_away():
        raise ApiError(status_code=status, body="")


def test_a_lost_connection_means_away() -> None:
    with (
        pytest.raises(SquareAwayError, match=r"cannot be reached \(ConnectTimeout\): see square_default"),
        telling_away(),
    ):
        raise httpx.ConnectTimeout("")


@pytest.mark.parametrize("status", [400, 404, None])
def test_a_wrong_call_stays_what_it_is(status: int | None) -> None:
    with pytest.raises(ApiError), telling_away():
        raise ApiError(status_code=status, body="")
