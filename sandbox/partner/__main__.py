"""The partner's files of the past days, into a folder.

    python -m sandbox.partner --folder FOLDER [--days 60] [--until 2026-11-20]

The first day's customer file holds all customers so far. One day, three weeks back, is left out: it was forgotten.
"""

import argparse
from datetime import date, timedelta
from pathlib import Path

from sandbox.partner.sending import send, yesterday

FORGOTTEN_DAYS_AGO = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--until", type=date.fromisoformat, default=yesterday())
    arguments = parser.parse_args()
    for ago in reversed(range(arguments.days)):
        if ago != FORGOTTEN_DAYS_AGO:
            send(arguments.folder, arguments.until - timedelta(days=ago), is_first=ago == arguments.days - 1)


if __name__ == "__main__":
    main()
