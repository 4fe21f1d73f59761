"""Brings the storekeeper database to the newest revision.

python -m include.warehouse.migrate          reads STOREKEEPER_OWNER_DB_URL
"""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config


def migrate(owner_url: str, revision: str = "head") -> None:
    """:param owner_url: a postgresql:// URL that logs in as storekeeper_owner."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = owner_url
    command.upgrade(config, revision)


if __name__ == "__main__":
    migrate(os.environ["STOREKEEPER_OWNER_DB_URL"])
