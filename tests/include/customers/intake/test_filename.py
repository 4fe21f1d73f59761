from datetime import date

import pytest

from include.config.partner import Kind
from include.customers.intake import guess_kind_and_date

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("filename", "kind", "day"),
    [
        ("customers_2026-11-20.csv", "customers", DAY),
        ("ORDERS-20261120.xml", "orders", DAY),
        ("daily.order.export.2026_11_20.v2.xml", "orders", DAY),
        ("customers.xlsx", "customers", None),
        ("2026-11-20.xml", None, DAY),
        ("customer_orders_2026.11.20.xml", None, DAY),
        ("orders 2026-11-20 to 2026-11-21.xml", "orders", None),
        ("orders-20-11-2026.xml", "orders", None),
        ("orders_20261320.xml", "orders", None),
        ("orders_1202611200.xml", "orders", None),
        ("", None, None),
    ],
)
def test_a_name_tells_only_what_can_be_read_in_one_way(filename: str, kind: Kind | None, day: date | None) -> None:
    assert guess_kind_and_date(filename) == (kind, day)
