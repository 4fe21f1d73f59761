"""Catalog, customers and locations: types, history, deletion, shifted business days."""

from typing import Any

from include.warehouse.delete_location import delete_location
from include.warehouse.dimensions import load_catalog, load_customers
from tests.include.warehouse.conftest import Warehouse, location
from tests.include.warehouse.square_json import Json, encode, line, money, order


def customer(version: int = 0, **fields: Any) -> bytes:
    body: Json = {
        "id": "ada",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": f"2026-03-0{version + 1}T00:00:00Z",
        "version": version,
        "given_name": "Ada",
        "family_name": "Byron",
    }
    return encode(body | fields)


def test_a_customer_gets_a_period_for_every_change(warehouse: Warehouse) -> None:
    load_customers(warehouse.connection, [customer(0)])
    load_customers(warehouse.connection, [customer(1, family_name="Lovelace", address={"locality": "London"})])
    load_customers(warehouse.connection, [customer(2, family_name="Lovelace", address={"locality": "London"})])
    rows = warehouse.rows(
        """
        SELECT family_name, locality, valid_from_at = '-infinity', valid_to_at = 'infinity', valid_to_at::text
        FROM silver.customers ORDER BY valid_from_at
        """
    )
    assert [row[:4] for row in rows] == [("Byron", None, True, False), ("Lovelace", "London", False, True)]
    assert rows[0][4].startswith("2026-03-02 00:00:00")


def test_an_older_or_equal_version_of_a_customer_changes_nothing(warehouse: Warehouse) -> None:
    load_customers(warehouse.connection, [customer(0), customer(2, given_name="Augusta"), customer(1)])
    before = warehouse.rows("SELECT to_jsonb(c) FROM silver.customers AS c")
    assert load_customers(warehouse.connection, [customer(1), customer(2, given_name="Augusta")]) == 0
    assert warehouse.rows("SELECT to_jsonb(c) FROM silver.customers AS c") == before


def test_an_order_is_its_customers_of_the_time(warehouse: Warehouse) -> None:
    load_customers(warehouse.connection, [customer(0)])
    warehouse.load(
        order("before", line(), customer_id="ada", at="2026-03-01T18:00:00Z"),
        order("after", line(), customer_id="ada", at="2026-03-05T18:00:00Z"),
    )
    warehouse.take_over()
    load_customers(warehouse.connection, [customer(2, family_name="Lovelace")])
    assert warehouse.take_over().order_count == 1
    assert warehouse.rows(
        """
        SELECT order_id, display_name, is_current
        FROM gold.fact_sales JOIN silver.orders USING (order_key) JOIN gold.dim_customer USING (customer_key)
        ORDER BY sold_at
        """
    ) == [("before", "Ada Byron", False), ("after", "Ada Lovelace", True)]


def test_a_customer_who_comes_after_the_order_is_found_later(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line(), customer_id="ada", at="2025-06-01T18:00:00Z"))
    warehouse.take_over()
    load_customers(warehouse.connection, [customer()])
    warehouse.take_over()
    assert warehouse.row("SELECT display_name FROM gold.fact_sales JOIN gold.dim_customer USING (customer_key)")


def test_a_malformed_customer_is_rejected(warehouse: Warehouse) -> None:
    assert load_customers(warehouse.connection, [customer(given_name=7), customer(note="a\0b")]) == 0
    assert warehouse.rows("SELECT object_type, object_id, reason FROM bronze.rejected") == [
        ("customer", "ada", "Expected `str | null`, got `int` - at `$.given_name`")
    ]


def catalog(version: int = 1, variations: tuple[str, ...] = ("m", "l"), **fields: Any) -> list[bytes]:
    common = {"version": version, "updated_at": f"2026-03-0{version}T00:00:00Z"}
    item = {
        "id": "margherita",
        "type": "ITEM",
        "item_data": {
            "name": "Margherita",
            "categories": [{"id": "classic"}],
            "variations": [
                {
                    "id": f"margherita-{size}",
                    "type": "ITEM_VARIATION",
                    "item_variation_data": {"name": size.upper(), "sku": size, "price_money": money(1000)},
                }
                for size in variations
            ],
        },
    }
    modifiers = {
        "id": "toppings",
        "type": "MODIFIER_LIST",
        "modifier_list_data": {
            "name": "Toppings",
            "modifiers": [{"id": "olives", "modifier_data": {"name": "Olives", "price_money": money(150)}}],
        },
    }
    category = {"id": "classic", "type": "CATEGORY", "category_data": {"name": "Classic"}}
    return [encode(common | each) for each in (item | fields, modifiers, category)]


PRODUCTS = """
    SELECT product_id, kind, item_name, variation_name, category, price_cents, is_deleted
    FROM silver.products ORDER BY product_id
"""


def test_variations_and_modifiers_are_products(warehouse: Warehouse) -> None:
    assert load_catalog(warehouse.connection, catalog()) == 3
    assert warehouse.rows(PRODUCTS) == [
        ("margherita-l", "variation", "Margherita", "L", "Classic", 1000, False),
        ("margherita-m", "variation", "Margherita", "M", "Classic", 1000, False),
        ("olives", "modifier", "Olives", "", "Toppings", 150, False),
    ]
    assert load_catalog(warehouse.connection, catalog()) == 0


def test_what_the_catalog_holds_no_more_is_deleted_but_stays(warehouse: Warehouse) -> None:
    load_catalog(warehouse.connection, catalog())
    load_catalog(warehouse.connection, catalog(2, variations=("m",)))
    assert [(row[0], row[-1]) for row in warehouse.rows(PRODUCTS)] == [
        ("margherita-l", True),
        ("margherita-m", False),
        ("olives", False),
    ]
    load_catalog(warehouse.connection, catalog(3, variations=("m",), is_deleted=True))
    assert [(row[0], row[-1]) for row in warehouse.rows(PRODUCTS)][1] == ("margherita-m", True)


def test_a_new_time_zone_or_cut_over_shifts_the_business_days(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line(), at="2026-03-02T09:30:00Z"), order("p", line(), at="2026-03-02T18:00:00Z"))
    warehouse.take_over()
    assert warehouse.rows("SELECT DISTINCT business_date::text FROM gold.fact_sales") == ["2026-03-02"]
    warehouse.add_location("L-NY", location("New York", "America/New_York", "USD", cutover_hour=6))
    assert warehouse.take_over().order_count == 1
    assert warehouse.rows("SELECT business_date::text FROM gold.fact_sales ORDER BY 1") == ["2026-03-01", "2026-03-02"]


def test_a_location_can_be_deleted_with_all_of_it(warehouse: Warehouse) -> None:
    warehouse.load(order("mine", line(modifiers={"olives": 1}), location_id="L-LA"), order("other", line()))
    warehouse.take_over()
    before = warehouse.rows("SELECT kind, gross_cents FROM gold.fact_sales WHERE order_key IS NOT NULL ORDER BY 1, 2")
    assert len(before) == 3
    delete_location(warehouse.connection, "L-LA")
    delete_location(warehouse.connection, "L-LA")
    dump = warehouse.dump()
    assert [row["order_id"] for table in ("orders", "order_lines", "bronze", "facts") for row in dump[table]] == [
        "other"
    ] * 4
    assert warehouse.rows("SELECT location_id FROM silver.locations ORDER BY 1") == ["L-BER", "L-NY"]
    assert warehouse.rows("SELECT business_date::text FROM gold.touched_date") == ["2026-03-02"]
