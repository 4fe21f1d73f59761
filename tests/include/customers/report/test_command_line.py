"""`python -m include.customers.report`: what an analyst types, and what they are told."""

import subprocess
import sys
from pathlib import Path

import pytest

from include.customers.report.__main__ import main
from tests.include.customers.report.story import CUSTOMERS, write_files

YAML = """\
name: Demo Eats
timezone: America/New_York
currency: USD
phone_region: US
columns:
  customers:
    mobile_number: [mobile]
limits:
  rejected_percentage: "20"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "partner.yaml").write_text(YAML)
    return folder


@pytest.fixture
def arguments(tmp_path: Path, config: Path) -> list[str]:
    customers, orders = write_files(tmp_path)
    return [
        *("--customers", *map(str, customers), "--orders", *map(str, orders)),
        *("--out", str(tmp_path / "out"), "--config", str(config)),
    ]


def test_files_become_a_workbook_without_airflow_and_without_a_database(tmp_path: Path, arguments: list[str]) -> None:
    code = (
        "import runpy, sys; sys.argv[0] = 'report'\n"
        "try: runpy.run_module('include.customers.report', run_name='__main__', alter_sys=True)\n"
        "except SystemExit as end: assert not end.code, end\n"
        "assert not {'airflow', 'pandas'} & set(sys.modules), 'too much is imported'\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "           6  Current_Day_Orders\n" in done.stdout
    size = f"{(tmp_path / 'out' / 'Daily_Report_20261120.xlsx').stat().st_size / 1000:,.1f} kB"
    assert done.stdout.splitlines()[-1].startswith(f"{tmp_path}/out/Daily_Report_20261120.xlsx: {size} in ")
    assert (tmp_path / "out" / "Daily_Report_20261120.xlsx").exists()


def test_another_day_may_be_asked_for(tmp_path: Path, arguments: list[str]) -> None:
    assert main([*arguments, "--day", "2026-11-19"]) == 0
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["Daily_Report_20261119.xlsx"]


def test_what_cannot_be_read_is_told_with_its_name_and_leaves_no_workbook(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "customers_2026-11-20.csv"
    file.write_bytes(CUSTOMERS[file.name].replace("Ada", "Ädä").encode("cp1252"))
    assert main(arguments) == 1
    told = capsys.readouterr().err
    assert told.startswith("include.customers.report: customers_2026-11-20.csv: ")
    assert "encoding" in told
    assert not (tmp_path / "out").exists()


def test_a_partner_is_needed(tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config" / "partner.yaml").unlink()
    assert main(arguments) == 1
    assert "there is no partner.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--orders missing.xml --out .", "there is no file missing.xml"),
        ("--out .", "the following arguments are required: --orders"),
        ("--orders . --out . --day tomorrow", "argument --orders: there is no file ."),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong(line: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(line.split())
    assert end.value.code == 2
    assert message in capsys.readouterr().err
