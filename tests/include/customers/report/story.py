"""Three days of a partner's files, small enough to be worked out by hand."""

from datetime import date
from pathlib import Path

from include.config.partner import Partner

DAY = date(2026, 11, 20)
PARTNER = Partner.model_validate(
    {
        "name": "Demo Eats",
        "timezone": "America/New_York",
        "currency": "USD",
        "phone_region": "US",
        "columns": {"customers": {"mobile_number": ["mobile"]}},
        "limits": {"rejected_percentage": "20"},
    }
)
CUSTOMERS = {
    "customers_2026-11-18.csv": """\
Customer ID;Customer Name;Mobile;Region
C1;Ada Lovelace;(212) 555-0101;North
C2;Bob;+1 212 555 0102;South
C3;Cleo;2125550103;North
""",
    # C1 has another name and no region; C4's name looks like a formula.
    "customers_2026-11-20.csv": """\
Customer ID;Customer Name;Mobile;Region
C1;Ada King;(212) 555-0101;
C4;=Dora;212-555-0104;West
""",
}
# Order, number, time, SKU, count, amount.
ORDERS = {
    "orders_2026-11-18.xml": [
        ("O1", "2125550101", "2026-10-20T10:00:00", "A", "1", "10.00"),
        ("O2", "2125550102", "2026-11-18T12:00:00", "B", "2", "20.00"),
    ],
    "orders_2026-11-19.xml": [
        ("O3", "2125550101", "2026-11-19T09:00:00", "A", "1", "10.00"),
        ("O4", "2125550103", "2026-11-19T23:59:59", "B", "1", "5.55"),
    ],
    "orders_2026-11-20.xml": [
        ("O5", "2125550101", "2026-11-20T08:30:00", "A", "1", "10.00"),
        ("O5", "2125550101", "2026-11-20T08:30:00", "B", "3", "30.00"),
        ("O6", "2125550101", "2026-11-20T20:00:00", "A", "1", "10.00"),
        ("O7", "2125550104", "2026-11-20T21:15:00", "A", "2", "19.98"),
        # Nobody's; no number; of the day before; no amount.
        ("O8", "2125550199", "2026-11-20T12:00:00", "C", "1", "7.00"),
        ("O9", "call me", "2026-11-20T13:00:00", "A", "1", "1.00"),
        ("O10", "2125550102", "2026-11-19T18:00:00", "B", "1", "20.00"),
        ("O11", "2125550102", "2026-11-20T18:00:00", "B", "1", "much"),
    ],
}
FIELDS = ("order_id", "mobile_number", "order_date_time", "sku_id", "sku_count", "total_amount")


def write_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Customer files and order files, in the order in which they come."""
    for name, text in CUSTOMERS.items():
        (folder / name).write_text(text)
    for name, orders in ORDERS.items():
        records = [
            "<order>"
            + "".join(f"<{field}>{text}</{field}>" for field, text in zip(FIELDS, order, strict=True))
            + "</order>"
            for order in orders
        ]
        (folder / name).write_text(f"<orders>{''.join(records)}</orders>")
    return [folder / name for name in CUSTOMERS], [folder / name for name in ORDERS]
