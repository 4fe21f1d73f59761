"""Amounts, times and texts of an order."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.expression import UnreadableError
from listener.webhooks import values
from listener.webhooks.event import parse_json


@pytest.mark.parametrize(
    ("amount", "currency", "cents"),
    [
        ("600.00", "USD", 60000),
        ("600", "USD", 60000),
        (600, "USD", 60000),
        ("0.1", "USD", 10),
        ("6e2", "USD", 60000),
        ("600", "JPY", 600),
        ("600.0", "JPY", 600),
        ("1.234", "KWD", 1234),
        ("12.3400", "EUR", 1234),
        ("-5.00", "USD", -500),
    ],
)
def test_an_amount_is_counted_in_the_currencys_minor_unit(amount: Any, currency: str, cents: int) -> None:
    assert values.cents(amount, currency) == cents


@given(st.integers(0, 10**11))
def test_no_amount_of_json_passes_through_float(cents: int) -> None:
    number = parse_json(f"{cents // 100}.{cents % 100:02}".encode())
    assert values.cents(number, "USD") == cents


@pytest.mark.parametrize("amount", ["", "1,50", "$5", None, True, 1.5, [], {}, "inf", "2e13", "1e-99", "0.001"])
def test_what_is_no_amount_is_refused(amount: Any) -> None:
    with pytest.raises(UnreadableError):
        values.cents(amount, "USD")


def test_a_price_times_a_weight_is_rounded() -> None:
    assert values.price("12.50", Decimal("0.333"), "USD") == 416


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-22T11:30:00-05:00", datetime(2026, 11, 22, 11, 30, tzinfo=timezone(timedelta(hours=-5)))),
        ("2026-11-22T16:30:00Z", datetime(2026, 11, 22, 16, 30, tzinfo=UTC)),
        (1795276800, datetime(2026, 11, 21, 16, tzinfo=UTC)),
        ("1795276800.25", datetime(2026, 11, 21, 16, tzinfo=UTC)),
        (None, None),
        ("", None),
    ],
)
def test_a_time_has_an_offset_or_is_in_seconds(value: Any, moment: datetime | None) -> None:
    assert values.moment(value) == moment


@pytest.mark.parametrize("value", ["2026-11-22T11:30:00", "2026-11-22", "noon", -1, 10**12, True, []])
def test_what_is_no_time_is_refused(value: Any) -> None:
    with pytest.raises(UnreadableError):
        values.moment(value)
