"""Files and data frames as sources: which day they are of, and what is refused."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest

from include.customers.intake import QuarantineError
from include.customers.kpis import UnknownDayError, customers, files, frames, headlines
from tests.include.customers.kpis.conftest import ADA, FRIDAY
from tests.include.customers.kpis.figures import figures
from tests.include.customers.kpis.story import PARTNER, Story

CUSTOMERS = f"customer_id,customer_name,mobile_number,region\nC1,Ada,{ADA},North\n"
TITLES = "order_id,mobile_number,order_date_time,sku_id,sku_count,total_amount\n"


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def orders(*days: str) -> str:
    return TITLES + "".join(f"O{number},{ADA},{day}T12:00,S1,1,5.00\n" for number, day in enumerate(days))


def test_files_without_a_day_in_their_names_are_of_the_orders_day(tmp_path: Path) -> None:
    told = [
        write(tmp_path, "customers.csv", CUSTOMERS),
        write(tmp_path, "orders.csv", orders("2026-11-19", "2026-11-20", "2026-11-20")),
    ]
    with files(told[:1], told[1:], PARTNER) as source:
        assert source.newest_day == FRIDAY
        assert [row[7] for row in customers(source, FRIDAY)] == [FRIDAY]
        late = {headline.name: headline.value for headline in headlines(source, FRIDAY)}["late_order_count"]
    assert late == 1


def test_a_day_that_is_asked_for_is_that_of_files_that_name_none(tmp_path: Path) -> None:
    told = [write(tmp_path, "customers.csv", CUSTOMERS), write(tmp_path, "orders.csv", orders("2026-11-19"))]
    with files(told[:1], told[1:], PARTNER, day=FRIDAY) as source:
        assert source.newest_day == FRIDAY


def test_nothing_tells_the_day_of_customers_alone(tmp_path: Path) -> None:
    with pytest.raises(UnknownDayError, match=r"which day customers\.csv is of"):
        files([write(tmp_path, "customers.csv", CUSTOMERS)], [], PARTNER)


def test_two_parts_of_a_day_are_no_correction_of_one_another(tmp_path: Path) -> None:
    parts = [write(tmp_path, f"orders{part}.csv", orders("2026-11-20")) for part in "ab"]
    with pytest.raises(UnknownDayError, match=r"ordersa\.csv and ordersb\.csv would both be the orders file"):
        files([], parts, PARTNER)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = write(tmp_path, "orders_2026-11-20.csv", "a,b\n1,2\n")
    with pytest.raises(QuarantineError, match=r"^orders_2026-11-20\.csv: "), files([], [broken], PARTNER):
        pass


def test_nothing_is_left_behind(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with story.alone():
        assert list(folder.iterdir())
    assert not list(folder.iterdir())


def test_data_frames_give_what_the_files_give(story: Story) -> None:
    last = [story.paths(kind)[-1] for kind in ("customers", "orders")]
    with files(last[:1], last[1:], PARTNER) as source:
        from_files = figures(source, FRIDAY)
    customer_frame = pd.read_csv(last[0], dtype="string")
    order_frame = pd.read_csv(last[1], parse_dates=["order_date_time"])
    with frames(customer_frame, order_frame, PARTNER, day=FRIDAY) as source:
        from_frames = figures(source, FRIDAY)
    # Whose name and hash are others.
    del from_files["Data_Quality"], from_frames["Data_Quality"]
    assert from_frames == from_files


def test_a_frame_of_numbers_keeps_them() -> None:
    """A column of whole numbers with gaps is one of floats in pandas, and sums have a long tail of digits."""
    customer_frame = pd.DataFrame(
        {"customer_id": [7, 8], "customer_name": ["Ada", None], "mobile_number": [2125550101, None], "region": None}
    )
    order_frame = pd.DataFrame(
        {
            "order_id": [1],
            "mobile_number": [2125550101.0],
            "order_date_time": [pd.Timestamp("2026-11-20 12:00")],
            "sku_id": ["S1"],
            "sku_count": [2.0],
            "total_amount": [0.1 + 0.2],
        }
    )
    with frames(customer_frame, order_frame, PARTNER) as source:
        assert [row[:3] + row[8:10] for row in customers(source, FRIDAY)] == [
            ("7", "Ada", "+12125550101", 1, 30),
            ("8", None, None, 0, 0),
        ]
