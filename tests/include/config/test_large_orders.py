from pathlib import Path

import pytest

from include.config import ConfigError, load_chain
from include.config.large_orders import LargeOrders, LocationTerms, Rule, Terms
from tests.include.config.conftest import Edit

FILE = "large_orders.yaml"


def test_the_demo_tells_the_shop_and_from_an_amount_on_others_too() -> None:
    chain = load_chain()
    for location in chain.locations:
        terms = chain.large_orders.terms(location)
        assert terms.rules
        assert terms.recipients == location.recipients
        assert [tier.from_amount for tier in terms.tiers] == [150_000, 300_000]


def test_without_the_file_no_order_is_watched(folder: Path) -> None:
    (folder / FILE).unlink()
    chain = load_chain(folder)
    assert chain.large_orders.terms(chain.locations[0]).rules == ()


def test_a_location_sets_what_differs_from_the_defaults() -> None:
    manhattan, chicago = load_chain().locations[:2]
    defaults = Terms(rules=(Rule(over_amount="500.00"),), change_minutes=15)  # type: ignore[arg-type]
    own = LocationTerms(location="Manhattan", change_share="5", recipients=("catering@example.com",))
    config = LargeOrders(defaults=defaults, locations=(own,))
    assert config.terms(manhattan) == defaults.model_copy(
        update={"change_share": "5", "recipients": ("catering@example.com",)}
    )
    assert config.terms(chicago).recipients == chicago.recipients


LOCATIONS = "locations:\n  - {location: Manhattan, known_as: [One]}\n  - {location: %s}\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'over_amount: "500.00"',
            "over_amount: 500",
            "large_orders.yaml:4: defaults.rules.0.over_amount: "
            '500 is no price: write it in quotes with two decimals, as "10.50"',
        ),
        (
            '{over_amount: "500.00"}',
            "{}",
            "large_orders.yaml:4: defaults.rules.0: states nothing, and would fit every order",
        ),
        (
            '{over_amount: "500.00"}',
            "{outside_opening_hours: true, after_opening_minutes: 5}",
            "large_orders.yaml:4: defaults.rules.0: "
            "no due time is both outside opening hours and shortly after opening",
        ),
        (
            "lead_minutes: 180",
            "lead_minutes: -1",
            "large_orders.yaml:5: defaults.rules.1.lead_minutes: Input should be greater than or equal to 0, not -1",
        ),
        (
            "[district@example.com]",
            "[district]",
            "large_orders.yaml:10: defaults.tiers.0.recipients.0: 'district' is no mail address",
        ),
        (
            'change_share: "10"',
            "change_share: 10",
            'large_orders.yaml:12: defaults.change_share: 10 is no percentage: write it in quotes, as "8.875"',
        ),
        (
            "square:",
            LOCATIONS % "Manhatten" + "square:",
            "large_orders.yaml:17: locations.1.location: there is no location 'Manhatten'",
        ),
        (
            "square:",
            LOCATIONS % "Manhattan" + "square:",
            "large_orders.yaml:17: locations.1.location: 'Manhattan' is taken by line 16",
        ),
        (
            "square:",
            LOCATIONS % "Chicago Loop, known_as: [One]" + "square:",
            "large_orders.yaml:17: locations.1.known_as.0: 'One' is taken by line 16",
        ),
    ],
)
def test_a_wrong_file_is_told_with_file_line_and_field(folder: Path, edit: Edit, old: str, new: str, told: str) -> None:
    edit(FILE, old, new)
    with pytest.raises(ConfigError) as caught:
        load_chain(folder)
    assert told in str(caught.value).splitlines()
