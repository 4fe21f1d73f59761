"""Both nights in three time zones; days by the partner's own cut-over hour."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from include.customers.intake import Intake, OrderRow
from tests.include.customers.intake.partners import ORDERS, partner, put, read


def order(tmp_path: Path, at: str, **settings: object) -> tuple[Intake, OrderRow]:
    intake, rows = read(put(tmp_path, f"{ORDERS}1,,{at},A,1,1.00\n"), "orders", partner(**settings))
    (row,) = rows
    assert isinstance(row, OrderRow)
    return intake, row


@pytest.mark.parametrize(
    ("timezone", "local", "utc"),
    [
        ("America/New_York", "2026-11-01 00:59:59", "2026-11-01 04:59:59"),
        ("America/New_York", "2026-11-01 01:30:00", "2026-11-01 05:30:00"),
        ("America/New_York", "2026-11-01 02:00:00", "2026-11-01 07:00:00"),
        ("Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25 00:30:00"),
        ("Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25 02:00:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04 14:45:00"),
        ("Australia/Lord_Howe", "2026-04-05 02:00:00", "2026-04-04 15:30:00"),
    ],
)
def test_in_the_hour_that_comes_twice_a_time_is_the_first_one(
    tmp_path: Path, timezone: str, local: str, utc: str
) -> None:
    intake, row = order(tmp_path, local, timezone=timezone)
    assert row.ordered_at == datetime.fromisoformat(f"{utc}+00:00")
    assert row.ordered_at.tzinfo is UTC
    assert row.business_date == date.fromisoformat(local[:10])
    assert "skipped hour" not in {problem.kind for problem in intake.problems}


@pytest.mark.parametrize(
    ("timezone", "local", "utc"),
    [
        ("America/New_York", "2026-03-08 02:30:15", "2026-03-08 07:30:15"),
        ("Europe/Berlin", "2026-03-29 02:59:59", "2026-03-29 01:59:59"),
        ("Australia/Lord_Howe", "2026-10-04 02:10:00", "2026-10-03 15:40:00"),
    ],
)
def test_a_time_that_was_skipped_is_taken_and_noted(tmp_path: Path, timezone: str, local: str, utc: str) -> None:
    intake, row = order(tmp_path, local, timezone=timezone)
    assert row.ordered_at == datetime.fromisoformat(f"{utc}+00:00")
    (problem,) = [problem for problem in intake.problems if problem.column_name == "order_date_time"]
    assert (problem.kind, problem.is_rejected, intake.taken_count) == ("skipped hour", False, 1)


@pytest.mark.parametrize("local", ["2026-03-08 01:59:59", "2026-03-08 03:00:00", "2026-11-01 01:30:00-05:00"])
def test_a_time_that_there_was_is_not_noted(tmp_path: Path, local: str) -> None:
    assert {problem.column_name for problem in order(tmp_path, local)[0].problems} == {"mobile_number"}


def test_a_time_with_an_offset_is_that_instant(tmp_path: Path) -> None:
    _, row = order(tmp_path, "2026-11-20T23:30:00.250-08:00")
    assert row.ordered_at == datetime(2026, 11, 21, 7, 30, 0, 250_000, UTC)
    assert row.business_date == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("local", "day"), [("2026-11-21 03:59:59.999999", date(2026, 11, 20)), ("2026-11-21 04:00", date(2026, 11, 21))]
)
def test_hours_before_the_cut_over_are_the_day_before(tmp_path: Path, local: str, day: date) -> None:
    assert order(tmp_path, local, cutover_hour=4)[1].business_date == day


def test_times_are_also_read_as_the_partner_writes_them(tmp_path: Path) -> None:
    formats = ["%d/%m/%Y %H:%M", "%d %b %Y %I:%M %p"]
    for text in ("03/11/2026 18:05", "03 Nov 2026 06:05 PM", "2026-11-03T18:05"):
        _, row = order(tmp_path, text, time_formats=formats)
        assert row.ordered_at == datetime(2026, 11, 3, 23, 5, tzinfo=UTC)
