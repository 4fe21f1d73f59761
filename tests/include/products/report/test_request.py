from datetime import UTC, date, datetime
from typing import Any

import pytest

from include.config import Chain, load_chain
from include.products.report.request import Request
from tests.include.products.report.conftest import MONDAY, request_of


def asked(run_after: datetime = MONDAY, **params: Any) -> Request:
    return request_of(load_chain(), run_after, **params)


def names(request: Request) -> list[str]:
    return [location.name for location in request.locations]


def test_without_choices_it_is_last_week_at_all_locations_for_the_chains_recipients() -> None:
    request = asked()
    assert len(request.locations) == len(load_chain().locations)
    assert (request.period.first, request.period.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert request.recipients == load_chain().report_recipients
    assert request.name == "Products sold, Storekeeper Pizza, week 47, Nov 16 to Nov 22, 2026"


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        ({"markets": ["Northeast", "Pacific"]}, ["Manhattan", "Santa Monica"]),
        ({"locations": ["Chicago Loop"]}, ["Chicago Loop"]),
        ({"parent_companies": ["Storekeeper West LLC"]}, ["Denver Union Station", "Santa Monica"]),
        ({"countries": ["US"], "markets": ["Midwest"]}, ["Chicago Loop"]),
        ({"parent_companies": ["Storekeeper West LLC"], "markets": ["Pacific", "Midwest"]}, ["Santa Monica"]),
    ],
)
def test_places_are_chosen_by_what_the_store_directory_says_of_them(choice: dict[str, Any], wanted: list[str]) -> None:
    assert names(asked(**choice)) == wanted


def test_a_part_of_the_chain_goes_to_its_locations_recipients() -> None:
    assert asked(markets=["Northeast", "Pacific"]).recipients == ("manhattan@example.com", "santa.monica@example.com")


def test_recipients_can_be_named_and_get_one_mail_each() -> None:
    assert asked(recipients=["ana@example.com", "ana@example.com"]).recipients == ("ana@example.com",)


def test_a_category_holds_those_below_it() -> None:
    assert asked(categories=["Pizza", "Drinks"]).categories == (
        *("Pizza", "Classic", "Supreme", "Veggie", "Chicken", "Drinks"),
    )
    assert asked(categories=["No category"]).categories == ("",)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"period": "fortnight"}, "period: there is no 'fortnight'"),
        ({"date": "2026-02-30"}, "date: "),
        ({"markets": ["Atlantis"]}, "markets: the chain has no Atlantis; it has Northeast, Midwest, Mountain, Pacific"),
        ({"locations": ["Atlantis"]}, "locations: the chain has no Atlantis"),
        ({"countries": ["FR"]}, "countries: the chain has no FR; it has US$"),
        ({"parent_companies": ["Ltd"]}, "parent_companies: the chain has no Ltd"),
        ({"markets": ["Midwest"], "locations": ["Manhattan"]}, "markets, locations: no location is in all of these"),
        ({"categories": ["Fish"]}, "categories: the chain has no Fish; it has Pizza, Classic"),
        ({"recipients": ["ana"]}, "recipients: 'ana' is no mail address"),
        ({"group_by": "colour"}, "group_by: there is no 'colour'; there are product, variation"),
        ({"output": "pdf"}, "output: there is no 'pdf'; there are automatic, sheet, xlsx, both"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_the_params_name(params: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        asked(**params)


def test_a_week_is_last_where_it_is_monday_already() -> None:
    """Six in the morning in New York: on the other coast it is Sunday's business day."""
    at_six = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert asked(at_six, markets=["Northeast"]).period.last == date(2026, 11, 22)
    assert asked(at_six).period.last == date(2026, 11, 22)
    assert asked(at_six, period="week").period.last == date(2026, 11, 21)


def test_a_week_so_far_and_the_whole_week_are_the_same_report() -> None:
    saturday = datetime(2026, 11, 21, 20, tzinfo=UTC)
    assert asked(saturday, period="week").key == asked().key
    keys = {asked().key, asked(markets=["Pacific"]).key, asked(group_by="product").key, asked(categories=["Pizza"]).key}
    assert len(keys) == 4


def test_a_long_list_of_places_is_shortened(chain: Chain) -> None:
    many = tuple(chain.locations[0].model_copy(update={"name": f"Shop {number}"}) for number in range(5))
    wide = chain.model_copy(update={"locations": (*many, chain.locations[2])})
    assert request_of(wide, locations=["Shop 0", "Shop 1", "Shop 2", "Shop 3"]).title == "Shop 0, Shop 1 and 2 more"
    assert request_of(wide, markets=["Northeast"]).title == "Northeast"
    assert request_of(wide, categories=["Pizza"]).name.endswith(", of Pizza, Classic and 3 more")
