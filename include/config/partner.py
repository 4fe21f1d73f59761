"""partner.yaml: the partner who sends a customer file and an order file each day, and how its files are to be read.

Without the file there is no partner: none of its files is taken in. docs/partner-files.md says what the fields mean.
"""

import codecs
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, Field

from include.config.business_days import BusinessDays
from include.config.chain import changed_at, config_folder
from include.config.document import read, validate
from include.config.errors import ConfigError, Problem
from include.config.model import Currency, MailAddress, Many, Model, Name, Percentage

Kind = Literal["customers", "orders"]
CustomerColumn = Literal["customer_id", "customer_name", "mobile_number", "region"]
OrderColumn = Literal["order_id", "mobile_number", "order_date_time", "sku_id", "sku_count", "total_amount"]
# What each kind of file holds, by our names.
COLUMNS: dict[Kind, tuple[str, ...]] = {"customers": get_args(CustomerColumn), "orders": get_args(OrderColumn)}
# What files are written in: Python also calls UTF-7, base64 and escapes encodings.
_ENCODINGS = r"utf-8(-sig)?|ascii|cp\d+|iso8859-\d+|koi8-[ru]|mac-roman|gb2312|gbk|gb18030|big5|shift_jis|euc_(jp|kr)"
Days = Annotated[int, Field(ge=1, le=3660)]


def normalised(name: str) -> str:
    """What ``Customer ID``, ``customer-id`` and ``customerId`` have in common: they are one column."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def is_text_encoding(name: str) -> bool:
    """Whether it is one that a file's text may be in. UTF-16 is not to be named: its byte order mark tells it."""
    try:
        return re.fullmatch(_ENCODINGS, codecs.lookup(name).name) is not None
    except LookupError:
        return False


def _encoding(value: str) -> str:
    if not is_text_encoding(value):
        raise ValueError(f"{value!r} is no encoding of text: utf-8, windows-1252, iso-8859-15, …")
    return value


def _time_format(value: str) -> str:
    at = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    try:
        # %Z reads names of time zones, and forgets them.
        is_whole = "%Z" not in value and datetime.strptime(at.strftime(value), value).replace(tzinfo=UTC) == at
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ValueError(f'{value!r} does not tell a day and a time to the minute, as "%d/%m/%Y %H:%M" does')
    return value


@cache
def _countries() -> frozenset[str]:
    """Codes of ISO 3166, from the time zones' data: babel's would cost every process that reads DAG files 0.1 s."""
    lines = (files("tzdata.zoneinfo") / "iso3166.tab").read_text("utf-8").splitlines()
    return frozenset(line.partition("\t")[0] for line in lines if not line.startswith("#"))


def _region(value: str) -> str:
    if value not in _countries():
        raise ValueError(f"{value!r} is no country of ISO 3166: US, GB, DE, …")
    return value


Names = TypeVar("Names", bound=Mapping[Any, tuple[str, ...]])


def _distinct(aliases: Names) -> Names:
    known: dict[str, str] = {normalised(name): name for kind in COLUMNS.values() for name in kind}
    for name, others in aliases.items():
        for other in others:
            if known.setdefault(normalised(other), name) != name:
                raise ValueError(f"{other!r} cannot be {name}: it is {known[normalised(other)]}")
    return aliases


class Aliases(Model):
    """Other names of columns, by the name that they have here; case, spaces and punctuation make no difference."""

    customers: Annotated[dict[CustomerColumn, Many[Name]], AfterValidator(_distinct)] = Field(default_factory=dict)
    orders: Annotated[dict[OrderColumn, Many[Name]], AfterValidator(_distinct)] = Field(default_factory=dict)


class Limits(Model):
    """What is larger is quarantined unread."""

    customers_megabytes: Annotated[int, Field(ge=1, le=10_000)] = 50
    orders_megabytes: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    # A file of which a greater part is rejected is no file of ours.
    rejected_percentage: Percentage = "10"


class Partner(BusinessDays):
    """Who sends the files. `cutover_hour` is the partner's own: its days are not our locations'."""

    name: Name
    cutover_hour: Annotated[int, Field(ge=0, le=12)] = 0
    currency: Currency
    # ISO 3166: where a mobile number without a country code is from.
    phone_region: Annotated[str, AfterValidator(_region)]
    # Of files that say nothing of theirs: neither by a byte order mark nor in the XML declaration.
    encoding: Annotated[Name, AfterValidator(_encoding)] = "utf-8"
    # What stands before the decimals of an amount; the other of the two may group thousands.
    decimal_mark: Literal[".", ","] = "."
    columns: Aliases = Aliases()
    # Of an order's time besides ISO 8601, as strptime has them: "%d/%m/%Y %H:%M".
    time_formats: Many[Annotated[Name, AfterValidator(_time_format)]] = ()
    limits: Limits = Limits()
    # When a day's files are to be there, in the partner's time zone.
    due_hour: Annotated[int, Field(ge=0, le=23)] = 9
    # Who is told that a report waits for approval, that it was exported, that a file was quarantined or did not come.
    recipients: Many[MailAddress] = ()
    approval_hours: Annotated[int, Field(ge=1, le=24 * 14)] = 72
    top_customer_count: Annotated[int, Field(ge=1, le=10_000)] = 100
    # How long files as received and workbooks are kept.
    retention_days: Days = 400


def load_partner(folder: Path | None = None) -> Partner | None:
    """Reads partner.yaml of a folder (default: `STOREKEEPER_CONFIG`, else the demo chain); cached until it changes.

    :raises ConfigError: with every problem, each with file, line and field.
    """
    folder = folder or config_folder()
    return _load(folder, changed_at(folder, ["partner"]))


@lru_cache(maxsize=8)
def _load(folder: Path, _changed_at: tuple[int, ...]) -> Partner | None:
    file = folder / "partner.yaml"
    if not file.exists():
        return None
    document = read(file)
    problems: list[Problem] = []
    partner = validate(Partner, document, problems)
    if partner is None:
        raise ConfigError(problems)
    return partner
