import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.config import ConfigError, load_chain
from tests.include.config.conftest import Edit


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_chain(folder)
    return str(caught.value).splitlines()


def test_the_demo_chain_sells_in_four_time_zones() -> None:
    chain = load_chain()
    assert len({location.timezone for location in chain.locations}) == 4
    assert len({location.parent_company for location in chain.locations}) == 2
    addresses = [*chain.operations_recipients, *chain.report_recipients]
    addresses += [address for location in chain.locations for address in location.recipients]
    assert all(address.endswith("@example.com") for address in addresses)


def test_the_folder_is_named_by_the_environment(folder: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    edit("locations.yaml", "chain: Storekeeper Pizza", "chain: Elsewhere")
    monkeypatch.setenv("STOREKEEPER_CONFIG", str(folder))
    assert load_chain().name == "Elsewhere"


def test_a_changed_file_is_read_again(folder: Path, edit: Edit) -> None:
    before = load_chain(folder)
    assert load_chain(folder) is before
    edit("products.yaml", 'price: "12.00"', 'price: "13.00"')
    os.utime(folder / "products.yaml", ns=(1, 1))
    assert load_chain(folder) != before


def test_prices_are_whole_cents(folder: Path) -> None:
    variations = {v.sku: v for item in load_chain(folder).products.items for v in item.variations}
    assert variations["four_cheese_l"].price_cents == 1795


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "locations.yaml",
            "America/New_York",
            "Amerika/New_York",
            "locations.yaml:8: locations.0.timezone: 'Amerika/New_York' is no time zone",
        ),
        (
            "locations.yaml",
            "monday: 11:00-23:00",
            "monday: 23:00-11:00",
            "locations.yaml:10: locations.0.opening_hours.monday.0: "
            "'23:00-11:00' ends before it begins; hours after midnight count on: 02:00 is 26:00",
        ),
        (
            "locations.yaml",
            "friday: 11:00-26:00",
            "friday: 11:00-29:00",
            "locations.yaml:55: locations.3: friday closes after the business day's end at 28:00",
        ),
        (
            "locations.yaml",
            "[owner@example.com]",
            "[owner@example.com, owner]",
            "locations.yaml:4: report_recipients.1: 'owner' is no mail address",
        ),
        (
            "locations.yaml",
            "market: Midwest",
            "markt: Midwest",
            "locations.yaml:23: locations.1.market: is missing",
        ),
        (
            "locations.yaml",
            "    cutover_hour: 4",
            "    cutover_hour: 13",
            "locations.yaml:57: locations.3.cutover_hour: Input should be less than or equal to 12, not 13",
        ),
        (
            "locations.yaml",
            "name: Chicago Loop",
            "name: Manhattan",
            "locations.yaml:23: locations.1.name: 'Manhattan' is taken by line 7",
        ),
        (
            "locations.yaml",
            "currency: USD",
            "currency: CAD",
            "locations.yaml:20: locations.0.currency: 'CAD', but the prices in products.yaml are in 'USD'",
        ),
        (
            "products.yaml",
            'price: "1.50"',
            "price: 1.50",
            "products.yaml:33: modifier_lists.0.modifiers.1.price: "
            '1.5 is no price: write it in quotes with two decimals, as "10.50"',
        ),
        (
            "products.yaml",
            "sku: garlic_knots_12",
            "sku: garlic_knots_6",
            "products.yaml:282: items.32.variations.1.sku: 'garlic_knots_6' is taken by line 281",
        ),
        (
            "products.yaml",
            "category: Sides",
            "category: Sidse",
            "products.yaml:278: items.32.category: there is no category 'Sidse'",
        ),
        (
            "products.yaml",
            "- name: Veggie",
            "- name: Classic",
            "products.yaml:10: categories.0.categories.2.name: 'Classic' is taken by line 8",
        ),
        (
            "products.yaml",
            "locations: [Manhattan]",
            "locations: [Manhatten]",
            "products.yaml:16: taxes.0.locations.0: there is no location 'Manhatten'",
        ),
        (
            "products.yaml",
            'percentage: "15"',
            'percentage: "15", amount: "2.00"',
            "products.yaml:25: discounts.1: needs either a percentage or an amount",
        ),
        (
            "products.yaml",
            "currency: USD",
            "currency: USD\ncurrency: USD",
            "products.yaml:4: currency: stands here twice",
        ),
    ],
)
def test_a_wrong_file_is_told_with_file_line_and_field(
    folder: Path, edit: Edit, file: str, old: str, new: str, told: str
) -> None:
    edit(file, old, new)
    assert told in problems(folder)


def test_all_problems_of_both_files_are_told_at_once(folder: Path, edit: Edit) -> None:
    edit("locations.yaml", "America/Chicago", "America/Chikago")
    edit("locations.yaml", "name: Santa Monica", "name: Manhattan")
    edit("products.yaml", 'price: "0.95"', "price: -1")
    edit("products.yaml", "category: Drinks", "category: Cocktails")
    told = "\n".join(problems(folder))
    for part in ("America/Chikago", "'Manhattan' is taken", "-1 is no price", "no category 'Cocktails'"):
        assert part in told


def test_broken_yaml_is_told_with_its_line(folder: Path, edit: Edit) -> None:
    edit("locations.yaml", "cutover_hour: 4", "cutover_hour: [4")
    assert problems(folder)[0].startswith("locations.yaml:58: the file: ")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "products.yaml").unlink()
    assert problems(folder) == [f"products.yaml:1: the file: {folder}/products.yaml does not exist"]


def test_an_empty_file_is_told(folder: Path) -> None:
    (folder / "products.yaml").write_text("")
    assert problems(folder)[0].startswith("products.yaml:1: the file: Input should be")


def test_a_square_location_is_found_by_id_and_else_by_name(folder: Path, edit: Edit) -> None:
    edit("locations.yaml", "name: Manhattan", "name: Manhattan\n    square_location_id: L1")
    chain = load_chain(folder)
    manhattan, chicago = chain.locations[:2]
    assert chain.location_of_square("L1", "renamed in Square") is manhattan
    assert chain.location_of_square("L2", "Chicago Loop") is chicago
    assert chain.location_of_square("L3", "Manhattan") is None


def test_importing_brings_no_library_beside_pydantic_and_yaml() -> None:
    """Every DAG file imports it, each time it is parsed."""
    code = (
        "import sys, pydantic, yaml; pydantic.BaseModel; before = set(sys.modules); import include.config;"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(answer.stdout.split()) <= {"include", "pydantic", "annotated_types"}
