from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from include.config import Inventory, load_inventory
from include.inventory.recipes import load_recipes
from tests.include.inventory.recipes.kitchen import INGREDIENTS, RECIPES, write

TODAY = date(2026, 5, 4)
TOMORROW = date(2026, 5, 5)


@pytest.fixture
def menu(connection: psycopg.Connection) -> psycopg.Connection:
    """A warehouse that knows what Square sells."""
    sell(connection, what_is_sold())
    return connection


def what_is_sold() -> list[tuple[str, str, str, str, str | None]]:
    variations = [("pie_s", "Pie", "Small"), ("pie_l", "Pie", "Large"), ("water", "Water", ""), ("card", "Card", "")]
    modifiers = ["More cheese", "No cheese", "Vegan", "Bread", "Nothing"]
    return [
        *(("variation", item, variation, "Food", sku) for sku, item, variation in variations),
        *(("modifier", name, "", "Changes", None) for name in modifiers),
    ]


def sell(connection: psycopg.Connection, products: list[tuple[str, str, str, str, str | None]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO gold.dim_product (product_id, kind, item_name, variation_name, category, sku, is_deleted)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, false)",
            products,
        )


def recipes(connection: psycopg.Connection, day: date) -> dict[tuple[str, str], dict[str, Decimal]]:
    """What holds on a day, by SKU and modifier, as the ledger reads it."""
    rows = connection.execute(
        """
        SELECT variation.sku, coalesce(modifier.item_name, ''), ingredient.name, quantity
        FROM inventory.recipe
        JOIN gold.dim_product AS variation USING (product_key)
        LEFT JOIN gold.dim_product AS modifier ON modifier.product_key = modifier_key
        LEFT JOIN inventory.recipe_ingredient USING (recipe_key)
        LEFT JOIN inventory.ingredient USING (ingredient_key)
        WHERE %s >= valid_from_date AND %s < valid_to_date
        """,
        [day, day],
    )
    found: dict[tuple[str, str], dict[str, Decimal]] = {}
    for sku, modifier, name, quantity in rows:
        used = found.setdefault((sku, modifier), {})
        if name is not None:
            assert name not in used, "two recipes hold at once"
            used[name] = quantity
    return found


def everything(connection: psycopg.Connection) -> Mapping[str, object]:
    tables = ("supplier", "ingredient", "ingredient_cost", "recipe", "recipe_ingredient")
    return {
        table: connection.execute(
            sql.SQL("SELECT jsonb_agg(to_jsonb(each) ORDER BY each::text) FROM {} AS each").format(
                sql.Identifier("inventory", table)
            )
        ).fetchone()
        for table in tables
    }


def active(connection: psycopg.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM inventory.ingredient WHERE is_active")}


def test_what_the_files_say_is_loaded(menu: psycopg.Connection, tmp_path: Path) -> None:
    load_recipes(menu, write(tmp_path), TODAY)
    found = recipes(menu, date(2020, 1, 1))
    assert found["pie_s", ""] == {"Flour": Decimal("0.15"), "Cheese": Decimal(125)}
    assert found["pie_l", "No cheese"] == {"Cheese": Decimal(-125)}
    assert found["pie_l", "Nothing"] == {}
    assert found["water", ""] == {"Bottle": Decimal(1)}
    assert ("card", "") not in found
    row = menu.execute(
        "SELECT ingredient.name, unit, sku, is_sold_by_square, supplier.name, pack_quantity, ingredient.is_active"
        " FROM inventory.ingredient LEFT JOIN inventory.supplier USING (supplier_key) ORDER BY ingredient.name"
    ).fetchall()
    assert row == [
        ("Bottle", "each", "water", True, None, Decimal(12), True),
        ("Cashews", "g", "ingredient:cashews", False, None, None, True),
        ("Cheese", "g", "ingredient:cheese", False, None, Decimal(2000), True),
        ("Flour", "kg", "ingredient:flour", False, "Mill", Decimal(25), True),
    ]


def test_the_cost_of_a_variation_and_of_a_modifier_follows(menu: psycopg.Connection, tmp_path: Path) -> None:
    load_recipes(menu, write(tmp_path), TODAY)
    costs = menu.execute(
        """
        SELECT sku, modifier_key = 0, sum(quantity * unit_cost_cents)
        FROM inventory.recipe
        JOIN gold.dim_product USING (product_key)
        JOIN inventory.recipe_ingredient USING (recipe_key)
        JOIN inventory.ingredient_cost AS cost USING (ingredient_key)
        WHERE sku = 'pie_l' GROUP BY recipe_key, sku, modifier_key ORDER BY 3
        """
    ).fetchall()
    # 0.3 kg of flour at 80 cents, 125 g of cheese at 0.8.
    assert costs == [("pie_l", False, -100), ("pie_l", False, 40), ("pie_l", True, 124)]


def test_the_same_again_changes_nothing(menu: psycopg.Connection, tmp_path: Path) -> None:
    inventory = write(tmp_path)
    assert load_recipes(menu, inventory, TODAY) > 0
    before = everything(menu)
    assert load_recipes(menu, inventory, TODAY) == 0
    assert load_recipes(menu, inventory, TOMORROW) == 0
    assert everything(menu) == before


def test_a_correction_is_made_in_place(menu: psycopg.Connection, tmp_path: Path) -> None:
    load_recipes(menu, write(tmp_path), TODAY)
    keys = menu.execute("SELECT array_agg(recipe_key ORDER BY recipe_key) FROM inventory.recipe").fetchone()
    load_recipes(menu, write(tmp_path, RECIPES.replace("Cheese: 100 g", "Cheese: 80 g, Cashews: 5 g")), TODAY)
    assert recipes(menu, date(2020, 1, 1))["pie_s", ""] == {
        "Flour": Decimal("0.15"),
        "Cheese": Decimal(100),
        "Cashews": Decimal(5),
    }
    assert menu.execute("SELECT array_agg(recipe_key ORDER BY recipe_key) FROM inventory.recipe").fetchone() == keys


def test_a_new_version_leaves_the_days_before_it_as_they_were(menu: psycopg.Connection, tmp_path: Path) -> None:
    load_recipes(menu, write(tmp_path), TODAY)
    version = "  - {item: Pie, from: 2026-06-01, ingredients: {Cheese: 40 g}}\nmodifiers:"
    load_recipes(menu, write(tmp_path, RECIPES.replace("modifiers:", version)), TODAY)
    assert recipes(menu, date(2026, 5, 31))["pie_s", ""] == {"Flour": Decimal("0.15"), "Cheese": Decimal(125)}
    assert recipes(menu, date(2026, 6, 1))["pie_s", ""] == {"Cheese": Decimal(50)}
    assert recipes(menu, date(2026, 5, 31))["pie_s", "No cheese"] == {"Cheese": Decimal(-125)}
    assert recipes(menu, date(2026, 6, 1))["pie_s", "No cheese"] == {"Cheese": Decimal(-50)}


def test_what_is_no_longer_named_ends_and_its_past_stays(menu: psycopg.Connection, tmp_path: Path) -> None:
    load_recipes(menu, write(tmp_path), TODAY)
    past = recipes(menu, TODAY)
    without = write(
        tmp_path, "recipes: [{item: Card, uses_nothing: true}]\n", INGREDIENTS.replace("Cashews", "Walnuts")
    )
    load_recipes(menu, without, TOMORROW)
    assert recipes(menu, TODAY) == {**past, ("card", ""): {}}
    assert recipes(menu, TOMORROW).keys() == {("card", ""), ("water", "")}
    assert active(menu) == {"Flour", "Cheese", "Walnuts", "Bottle"}
    before = everything(menu)
    assert load_recipes(menu, without, date(2026, 6, 1)) == 0
    assert everything(menu) == before
    # Named again, it holds as if it had never been away.
    load_recipes(menu, write(tmp_path), date(2026, 6, 1))
    assert recipes(menu, date(2026, 5, 20)) == {**past, ("card", ""): {}}


def test_without_files_everything_ends(menu: psycopg.Connection, tmp_path: Path) -> None:
    load_recipes(menu, write(tmp_path), TODAY)
    load_recipes(menu, Inventory(), TOMORROW)
    assert recipes(menu, TOMORROW) == {}
    assert active(menu) == set()
    assert menu.execute("SELECT max(valid_to_date) FROM inventory.ingredient_cost").fetchone() == (TOMORROW,)


def test_an_ingredient_that_keeps_its_sku_keeps_its_ledger_under_a_new_name(
    menu: psycopg.Connection, tmp_path: Path
) -> None:
    load_recipes(menu, write(tmp_path), TODAY)
    key = menu.execute("SELECT ingredient_key FROM inventory.ingredient WHERE name = 'Cashews'").fetchone()
    renamed = INGREDIENTS.replace("name: Cashews,", "name: Cashew nuts, sku: 'ingredient:cashews',")
    load_recipes(menu, write(tmp_path, ingredients=renamed), TODAY)
    assert menu.execute("SELECT ingredient_key FROM inventory.ingredient WHERE name = 'Cashew nuts'").fetchone() == key
    assert active(menu) == {"Flour", "Cheese", "Cashew nuts", "Bottle"}


def test_another_unit_is_refused(menu: psycopg.Connection, tmp_path: Path) -> None:
    load_recipes(menu, write(tmp_path), TODAY)
    other = write(tmp_path, ingredients=INGREDIENTS.replace("Cashews, unit: g", "Cashews, unit: kg"))
    with pytest.raises(ValueError, match=r"'Cashews' is kept in g, and ingredients\.yaml now says kg: go back to g"):
        load_recipes(menu, other, TODAY)


def test_prices_are_kept_by_date(menu: psycopg.Connection, tmp_path: Path) -> None:
    dated = 'price: [{price: "20.00"}, {from: 2026-03-01, price: "30.00"}]'
    load_recipes(menu, write(tmp_path, ingredients=INGREDIENTS.replace('price: "20.00"', dated)), TODAY)
    costs = menu.execute(
        "SELECT valid_from_date, valid_to_date = 'infinity', unit_cost_cents, currency FROM inventory.ingredient_cost"
        " JOIN inventory.ingredient USING (ingredient_key) WHERE name = 'Flour' ORDER BY 1"
    ).fetchall()
    assert costs == [(date.min, False, 80, "USD"), (date(2026, 3, 1), True, 120, "USD")]


def test_an_item_that_square_made_anew_has_its_recipe_again(menu: psycopg.Connection, tmp_path: Path) -> None:
    sell(menu, [("variation", "Pie", "Small", "Food", "pie_s")])
    load_recipes(menu, write(tmp_path), TODAY)
    count = menu.execute(
        "SELECT count(*) FROM inventory.recipe JOIN gold.dim_product USING (product_key)"
        " WHERE sku = 'pie_s' AND modifier_key = 0"
    ).fetchone()
    assert count == (2,)


def test_what_square_does_not_have_yet_comes_later(connection: psycopg.Connection, tmp_path: Path) -> None:
    inventory = write(tmp_path)
    load_recipes(connection, inventory, TODAY)
    assert recipes(connection, TODAY) == {}
    sell(connection, what_is_sold())
    assert load_recipes(connection, inventory, TODAY) > 0
    assert recipes(connection, TODAY)["pie_s", ""]["Cheese"] == 125


def test_a_whole_menu_that_has_not_changed_stays_as_it_is(connection: psycopg.Connection) -> None:
    inventory = load_inventory()
    assert inventory.products is not None
    products = inventory.products
    sell(
        connection,
        [
            *(
                ("variation", item.name, variation.name, item.category, variation.sku)
                for item in products.items
                for variation in item.variations
            ),
            *(
                ("modifier", each.name, "", listed.name, None)
                for listed in products.modifier_lists
                for each in listed.modifiers
            ),
        ],
    )
    load_recipes(connection, inventory, TODAY)
    assert load_recipes(connection, inventory, TODAY) == 0
