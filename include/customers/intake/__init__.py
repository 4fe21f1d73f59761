"""Strangers' files, read safely into typed rows ([docs/partner-files.md](../../../docs/partner-files.md)).

intake = open_file(path, "orders", partner)
for row in intake.rows(): ...
"""

from include.customers.intake.filename import guess_kind_and_date
from include.customers.intake.intake import Format, Intake, open_file
from include.customers.intake.rows import KINDS, CustomerRow, OrderRow, Problem, QuarantineError, Row

__all__ = [
    "KINDS",
    "CustomerRow",
    "Format",
    "Intake",
    "OrderRow",
    "Problem",
    "QuarantineError",
    "Row",
    "guess_kind_and_date",
    "open_file",
]
