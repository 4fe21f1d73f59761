"""The ledger of what came in and what was used: it is only ever added to, and its sums are what there is.

`deduction` books what was sold, `entries` what people tell, `statements` holds both to one writer and to the counts.
"""

from include.inventory.ledger.deduction import Deducted, deduct, deduct_all, queue_days
from include.inventory.ledger.entries import Entry, book
from include.inventory.ledger.statements import lock_ledger

__all__ = ["Deducted", "Entry", "book", "deduct", "deduct_all", "lock_ledger", "queue_days"]
