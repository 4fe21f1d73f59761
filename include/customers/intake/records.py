"""What the readers of all formats give: a record's values as text, in the order of our columns."""

from collections.abc import Sequence
from typing import NamedTuple


class Misshapen(NamedTuple):
    """A record whose values cannot be told apart."""

    message: str


# In the order of `COLUMNS`; None where nothing is given. What comes after our columns is not ours.
Values = Sequence[str | None]
Record = Values | Misshapen
