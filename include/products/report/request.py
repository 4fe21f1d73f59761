"""What is asked for: read from a run's params and its place in time, never from the clock."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from include.config import Chain, Location
from include.config.model import MailAddress
from include.config.period import Period
from include.products.report.periods import asked_period

# Param → what it chooses locations by.
PLACES = {
    "markets": "market",
    "locations": "name",
    "countries": "country",
    "parent_companies": "parent_company",
}
REPORT = "Products sold"
MOST_NAMES = 3
NO_CATEGORY = "No category"
_ADDRESS: TypeAdapter[str] = TypeAdapter(MailAddress)
_Word = TypeVar("_Word", bound=StrEnum)


class GroupBy(StrEnum):
    PRODUCT = "product"
    VARIATION = "variation"


class Output(StrEnum):
    """How the report reaches people. The workbook is always made: the run's file, to be downloaded."""

    # A sheet where there is a connection to Google, else the workbook.
    AUTOMATIC = "automatic"
    SHEET = "sheet"
    XLSX = "xlsx"
    BOTH = "both"


@dataclass(frozen=True)
class Request:
    """
    :param title: whose sales it tells: the chain's name, the markets' that are asked for whole, or the locations'.
    :param categories: the categories of the warehouse that are wanted, with those below them; empty: all.
    :param recipients: who gets the mail and may read the sheet.
    :param run_at: when the run was due; days that had ended by then must be complete.
    :param started_at: stamps the file, the same in all retries of a run.
    """

    period: Period
    group_by: GroupBy
    locations: tuple[Location, ...]
    title: str
    categories: tuple[str, ...]
    recipients: tuple[str, ...]
    output: Output
    is_mailed: bool
    run_at: datetime
    started_at: datetime

    @property
    def key(self) -> str:
        """Tells what is asked for from all else, by what it is about and not by how far it has come: a week so far and
        the whole week are the same report."""
        names = [location.name for location in self.locations]
        about = [str(self.period.kind), self.period.first.isoformat(), str(self.group_by), names, self.categories]
        return f"products_sold/{json.dumps(about)}"

    @property
    def name(self) -> str:
        """What the report is called, such as "Products sold, Northeast, November 2026, by product, of Drinks"."""
        return ", ".join([REPORT, self.title, str(self.period), *self.filters])

    @property
    def filters(self) -> list[str]:
        """What differs from the usual, in words."""
        by = ["by product"] if self.group_by is GroupBy.PRODUCT else []
        names = [name or NO_CATEGORY for name in self.categories]
        return [*by, f"of {_some(names)}"] if names else by


def read_request(chain: Chain, params: Mapping[str, Any], *, run_after: datetime, started_at: datetime) -> Request:
    """The request of a run.

    :raises ValueError: when a param cannot be; the message begins with its name.
    """
    locations = asked_places(chain, params)
    days = [location.business_date(run_after) for location in locations]
    period = asked_period(
        params["period"], _date(params["date"]), today=max(days), newest=min(days) - timedelta(days=1)
    )
    is_of_all_locations = len(locations) == len(chain.locations)
    return Request(
        period=period,
        group_by=_one_of(GroupBy, "group_by", params["group_by"]),
        locations=locations,
        title=chain.name if is_of_all_locations else _in_words(chain, locations),
        categories=asked_categories(chain, params["categories"]),
        recipients=_recipients(params["recipients"]) or _own_recipients(chain, locations, is_of_all_locations),
        output=_one_of(Output, "output", params["output"]),
        is_mailed=params["mail"],
        run_at=run_after,
        started_at=started_at,
    )


def asked_places(chain: Chain, params: Mapping[str, Any]) -> tuple[Location, ...]:
    """The locations that each of `PLACES` chooses; one without a choice chooses all.

    :raises ValueError: a name that the chain does not have, or choices that no location meets.
    """
    chosen = chain.locations
    for param, attribute in PLACES.items():
        wanted = params[param] or ()
        _check_names(param, wanted, [getattr(location, attribute) for location in chain.locations])
        chosen = tuple(location for location in chosen if not wanted or getattr(location, attribute) in wanted)
    if not chosen:
        given = ", ".join(param for param in PLACES if params[param])
        raise ValueError(f"{given}: no location is in all of these at once")
    return chosen


def _in_words(chain: Chain, locations: Sequence[Location]) -> str:
    """The markets' names where they are whole, else the locations'."""
    markets = list(dict.fromkeys(location.market for location in locations))
    is_whole = sum(location.market in markets for location in chain.locations) == len(locations)
    return _some(markets if is_whole else [location.name for location in locations])


def _some(names: Sequence[str]) -> str:
    """Such as "Northeast, Midwest and 3 more"."""
    shown = names if len(names) <= MOST_NAMES else names[: MOST_NAMES - 1]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")


def asked_categories(chain: Chain, names: Sequence[str] | None) -> tuple[str, ...]:
    """The categories of these names and all below them, as the warehouse has them; empty: no choice.

    :raises ValueError: a category that the chain does not have.
    """
    trees = {tree.name: [category.name for category in tree.tree()] for tree in chain.products.all_categories()}
    trees[NO_CATEGORY] = [""]
    wanted = names or ()
    _check_names("categories", wanted, list(trees))
    return tuple(dict.fromkeys(name for each in wanted for name in trees[each]))


def _check_names(param: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    if unknown := [name for name in wanted if name not in known]:
        names = ", ".join(dict.fromkeys(known))
        raise ValueError(f"{param}: the chain has no {', '.join(unknown)}; it has {names}")


def _date(day: str | None) -> date | None:
    try:
        return date.fromisoformat(day) if day else None
    except ValueError as error:
        raise ValueError(f"date: {error}") from error


def _recipients(addresses: Sequence[str] | None) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(_ADDRESS.validate_python(address) for address in addresses or ()))
    except ValidationError as error:
        raise ValueError(f"recipients: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from error


def _own_recipients(chain: Chain, locations: Sequence[Location], is_of_all_locations: bool) -> tuple[str, ...]:
    if is_of_all_locations:
        return chain.report_recipients
    return tuple(dict.fromkeys(address for location in locations for address in location.recipients))


def _one_of(words: type[_Word], param: str, word: str) -> _Word:
    try:
        return words(word)
    except ValueError as error:
        raise ValueError(f"{param}: there is no {word!r}; there are {', '.join(words)}") from error
