"""Trying out people's SQL while they write it: few at a time, so that Airflow's threads and the database stay free."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Annotated, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from include.web.problems import RETRY_SECONDS, Problem

MOST_AT_A_TIME = 2
# Running and waiting, of one person, and of all together.
MOST_OF_ONE = 2
MOST_OF_ALL = 8

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Trials:
    def __init__(self) -> None:
        # Threads of their own: those that wait for one occupy none of the server's.
        self._limiter = CapacityLimiter(MOST_AT_A_TIME)
        self._pending: Counter[str] = Counter()

    async def run(
        self,
        user_name: str,
        function: Callable[Arguments, Result],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Result:
        """What the function returns, called in a thread.

        :raises Problem: 429: too many are at it.
        """
        if self._pending[user_name] >= MOST_OF_ONE or self._pending.total() >= MOST_OF_ALL:
            raise Problem(
                429,
                "Too many at a time",
                f"At most {MOST_AT_A_TIME} statements are tried out at a time: try again in {RETRY_SECONDS} s.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        self._pending[user_name] += 1
        try:
            return await to_thread.run_sync(partial(function, *arguments, **options), limiter=self._limiter)
        finally:
            self._pending[user_name] -= 1


def trials(request: Request) -> Trials:
    of_the_app: Trials = request.app.state.trials
    return of_the_app


TryOut = Annotated[Trials, Depends(trials)]
