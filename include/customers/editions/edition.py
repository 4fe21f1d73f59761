"""An edition and the deeds of people, as the schema ``partner`` holds them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypedDict

Source = Literal["partner", "square"]
State = Literal["pending", "approved", "rejected", "superseded", "lapsed"]
# The task that waits for the decision on an edition, in the run and at the index that the edition names.
DAG_ID = "customer_orders_report"
APPROVAL_TASK_ID = "report.approve"


class EditionNotFoundError(LookupError):
    """There is no such edition."""


class NotPendingError(ValueError):
    """The edition has been decided on, was superseded, or nobody decided in time; the message says which."""


class NotApprovedError(ValueError):
    """The edition is not approved, so that nobody may have it."""


class EditionGoneError(LookupError):
    """The workbook is no longer there; the message says why."""


class Headline(TypedDict):
    """A figure as people read it: ``{"label": "Revenue", "value": "$1,234.50"}``."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A workbook that was made of a business day.

    :param path: below the partner files' folder.
    :param headlines: without personal data.
    :param customers_file_id: the file that the day's customers are of; None: none came, or the source is another.
    """

    edition_id: int
    source: Source
    business_date: date
    dag_run_id: str
    map_index: int
    state: State
    filename: str
    path: str
    sha256: str
    byte_count: int
    headlines: list[Headline]
    customers_file_id: int | None
    orders_file_id: int | None
    made_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str | None
    exported_at: datetime | None
    sheet_url: str | None
    deleted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a person did with a file or an edition. ``filename``: of either."""

    deed_id: int
    done_at: datetime
    done_by: str
    action: Literal["uploaded", "approved", "rejected", "downloaded"]
    file_id: int | None
    edition_id: int | None
    filename: str
