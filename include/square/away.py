"""When Square is to blame, or the way to it: what is asked for can be had later."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import httpx
from square.core.api_error import ApiError

# A refused token is the connection's fault: nothing is wrong with what was asked for.
LATER = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}


class SquareAwayError(Exception):
    """Square cannot be reached, answers 429 or 5xx after all repeats, or refuses the connection's token."""


def is_away(error: ApiError) -> bool:
    """Whether an answer says nothing about the call itself."""
    return error.status_code is not None and (error.status_code in LATER or error.status_code >= 500)


@contextmanager
def telling_away() -> Iterator[None]:
    """Turns what says nothing about the call itself into SquareAwayError; a call that is wrong stays an ApiError."""
    try:
        yield
    except httpx.TransportError as error:
        raise SquareAwayError(f"Square cannot be reached ({type(error).__name__}): see square_default") from error
    except ApiError as error:
        if not is_away(error):
            raise
        remedy = ": see the token of square_default" if error.status_code in (401, 403) else ", after all repeats"
        raise SquareAwayError(f"Square answers {error.status_code}{remedy}") from error
