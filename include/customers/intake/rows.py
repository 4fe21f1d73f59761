"""What a partner's files hold, row by row, and what can be wrong with them."""

from datetime import date, datetime
from typing import Any, NamedTuple

from include.config.partner import Kind

KINDS: tuple[Kind, ...] = ("customers", "orders")


class CustomerRow(NamedTuple):
    """A customer, as a file tells.

    :param row_number: the first row of records is 1.
    :param mobile_number: E.164; None where none is given, or what is given is none.
    :param raw_mobile_number: as it came, where it is no number.
    """

    row_number: int
    customer_id: str
    customer_name: str | None
    mobile_number: str | None
    raw_mobile_number: str | None
    region: str | None


class OrderRow(NamedTuple):
    """One SKU of an order, as a file tells.

    :param ordered_at: in UTC.
    :param business_date: the partner's business day that `ordered_at` belongs to.
    :param total_amount_cents: of these SKUs, in minor units of the partner's currency.
    """

    row_number: int
    order_id: str
    sku_id: str
    mobile_number: str | None
    raw_mobile_number: str | None
    ordered_at: datetime
    business_date: date
    sku_count: int
    total_amount_cents: int


Row = CustomerRow | OrderRow


class Problem(NamedTuple):
    """What is wrong with a row.

    :param column_name: None where it is the whole row.
    :param kind: a few words that problems of the same kind share: "missing", "no number".
    :param is_rejected: whether the row is left out for it.
    :param value: as it came, cut: personal data, for who may see the files.
    :param message: without the value.
    """

    row_number: int
    column_name: str | None
    kind: str
    is_rejected: bool
    value: str | None
    message: str


class QuarantineError(ValueError):
    """A file that is not taken in. Its message says why and what to do, and holds no value of a row.

    :param columns: what is known of the file's columns, as `Intake.columns`.
    """

    def __init__(self, reason: str, columns: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.columns = columns or {}
