"""`python -m include.customers.report`: the workbook of a day from files alone, without Airflow and without a database.

Several files of a kind are deliveries of several days: the name tells which, as in orders_2026-11-20.xml. The partner's
settings are those of partner.yaml in the folder STOREKEEPER_CONFIG.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from include.config.errors import ConfigError
from include.config.partner import Partner, load_partner
from include.customers.intake import QuarantineError
from include.customers.kpis import UnknownDayError, files
from include.customers.report.workbook import Report, write_workbook


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    started_at = time.monotonic()
    try:
        partner = load_partner(options.config)
        if partner is None:
            return _fail("there is no partner.yaml in the configuration: docs/partner-files.md says what it holds")
        report = _report(partner, options.customers, options.orders, options.out, options.day)
    except (ConfigError, QuarantineError, UnknownDayError, OSError) as error:
        return _fail(str(error))
    _tell("")
    for table, row_count in report.row_counts.items():
        sys.stdout.write(f"{row_count:>12,}  {table}\n")
    seconds = time.monotonic() - started_at
    sys.stdout.write(f"{report.path}: {report.byte_count / 1e3:,.1f} kB in {seconds:,.1f} s\n")
    return 0


def _report(partner: Partner, customers: Sequence[Path], orders: Sequence[Path], out: Path, day: date | None) -> Report:
    megabytes = sum(file.stat().st_size for file in [*customers, *orders]) / 1e6
    _tell(f"Reading {len(customers) + len(orders)} files, {megabytes:,.1f} MB")
    with files(customers, orders, partner, day=day) as source:
        reported = day or source.newest_day
        if reported is None:
            raise UnknownDayError(
                "no order in these files was taken in: say with --day which day the report is to be of"
            )
        return write_workbook(
            out, source, reported, progress=lambda table, row_count: _tell(f"Writing {table}: {row_count:,} rows")
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m include.customers.report",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--customers", type=_file, nargs="+", action="extend", default=[], metavar="F", help="CSV, XLSX or XML"
    )
    parser.add_argument(
        "--orders", type=_file, nargs="+", action="extend", required=True, metavar="F", help="XML, CSV or XLSX"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where Daily_Report_YYYYMMDD.xlsx goes")
    parser.add_argument("--day", type=date.fromisoformat, help="the business day (the newest of the files)")
    parser.add_argument("--config", type=Path, metavar="DIR", help="the folder with partner.yaml (STOREKEEPER_CONFIG)")
    return parser


def _file(text: str) -> Path:
    file = Path(text)
    if not file.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return file


def _tell(text: str) -> None:
    """Writes over the line before, where somebody is looking."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text:<78}\r")
        sys.stderr.flush()


def _fail(message: str) -> int:
    sys.stderr.write(f"include.customers.report: {message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
