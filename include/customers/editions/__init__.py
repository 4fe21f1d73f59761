"""Editions: the workbooks that were made of a day, who decided on them, and who has them (docs/customer-report.md).

`store` reads them, `deciding` is what people do with one. `days` and `missing` say of which days one is to be made,
`building` makes it and `making` enters it; `waiting` is what is asked about it, `exporting` what follows an approval.
`messages` tells people. `run` is what the DAG's tasks call.
"""

from include.customers.editions.deciding import decide, open_download
from include.customers.editions.edition import (
    Deed,
    Edition,
    EditionGoneError,
    EditionNotFoundError,
    NotApprovedError,
    NotPendingError,
    Source,
)
from include.customers.editions.store import deeds_of, get_edition, list_editions

__all__ = [
    "Deed",
    "Edition",
    "EditionGoneError",
    "EditionNotFoundError",
    "NotApprovedError",
    "NotPendingError",
    "Source",
    "decide",
    "deeds_of",
    "get_edition",
    "list_editions",
    "open_download",
]
