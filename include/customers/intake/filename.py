"""What a file's name tells of it."""

import re
from datetime import date

from include.config.partner import Kind

# Words of names, singular or plural.
WORDS: dict[Kind, str] = {"customers": "customer|client|member", "orders": "order|sale"}
# 2026-11-20, 2026_11_20, 20261120: year first, which is read in one way only.
DATE = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")


def guess_kind_and_date(filename: str) -> tuple[Kind | None, date | None]:
    """What the file holds, and the day that it is of, where its name tells: ``customers_2026-11-20.csv``.

    A name that tells two kinds or two days tells none.
    """
    kinds = [kind for kind, words in WORDS.items() if re.search(words, filename, re.IGNORECASE)]
    days = {day for found in DATE.finditer(filename) if (day := _day(found))}
    return kinds[0] if len(kinds) == 1 else None, days.pop() if len(days) == 1 else None


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
