"""Square's counts of our ingredients: taken over once, kept with the ledger from then on, compared with it every day.

`plan` says what Square has to be told, `batches` tells it exactly once, `opening` begins a ledger with Square's count.
"""

from include.inventory.at_square.comparison import Difference, LateCount, compare, late_counts
from include.inventory.at_square.sync import Pushed, sync_stock

__all__ = ["Difference", "LateCount", "Pushed", "compare", "late_counts", "sync_stock"]
