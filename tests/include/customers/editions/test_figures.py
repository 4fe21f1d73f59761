"""Headlines as people read them."""

from datetime import date
from decimal import Decimal

from include.customers.editions.figures import shown
from include.customers.kpis import Headline, Kind


def test_each_kind_of_figure_reads_as_people_write_it() -> None:
    headlines = [
        Headline("revenue_cents", "Revenue", 123450, Kind.MONEY),
        Headline("orders", "Orders", 1234, Kind.COUNT),
        Headline("repeat_rate", "Repeat rate", Decimal("0.125"), Kind.RATIO),
        Headline("days", "Median days between orders", Decimal("6.5"), Kind.NUMBER),
        Headline("day", "Newest day", date(2026, 11, 20), Kind.DATE),
        Headline("change", "Change", None, Kind.RATIO),
    ]
    assert [each["value"] for each in shown(headlines, "USD")] == [
        "$1,234.50",
        "1,234",
        "12.5%",
        "6.5",
        "Fri, Nov 20, 2026",
        "-",
    ]


def test_amounts_have_the_places_of_their_currency() -> None:
    headline = Headline("revenue_cents", "Revenue", 123450, Kind.MONEY)
    assert [shown([headline], currency)[0]["value"] for currency in ("JPY", "KWD")] == ["¥123,450", "KWD123.450"]
