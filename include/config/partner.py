"""partner.yaml: the partner who sends a customer file and an order file each day, and how its files are to be read.

Without the file there is no partner: none of its files is taken in. docs/partner-files.md says what the fields mean.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from include.config.business_days import BusinessDays
from include.config.chain import changed_at, config_folder
from include.config.document import read, validate
from include.config.errors import ConfigError, Problem
from include.config.model import Currency, MailAddress, Many, Model, Name, Percentage

Kind = Literal["customers", "orders"]
Days = Annotated[int, Field(ge=1, le=3660)]


class Aliases(Model):
    """Other names of columns, by the name that they have here; case, spaces and punctuation make no difference."""

    customers: dict[str, Many[Name]] = Field(default_factory=dict)
    orders: dict[str, Many[Name]] = Field(default_factory=dict)


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
    phone_region: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    # Of files that say nothing of theirs: neither by a byte order mark nor in the XML declaration.
    encoding: Name = "utf-8"
    columns: Aliases = Aliases()
    # Of an order's time besides ISO 8601, as strptime has them: "%d/%m/%Y %H:%M".
    time_formats: Many[Name] = ()
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
