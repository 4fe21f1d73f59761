from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest

from include.calls.watch import Outcome, look
from include.config import Chain, load_chain
from tests.conftest import Database
from tests.include.calls.phone import Phone

Look = Callable[..., Outcome]
Mails = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def chain() -> Chain:
    return load_chain()


@pytest.fixture
def phone(database: Database) -> Iterator[Phone]:
    with database.connect("storekeeper_listener") as connection:
        yield Phone(connection)


@pytest.fixture
def look_at(connection: psycopg.Connection, chain: Chain) -> Look:
    """A run of the watch that is due at a time; of the demo chain unless another is given."""

    def look_at(run_at: datetime, of: Chain = chain) -> Outcome:
        return look(connection, of, run_at)

    return look_at


@pytest.fixture
def mails(connection: psycopg.Connection) -> Mails:
    """What stands in the outbox, the oldest first."""

    def mails() -> list[dict[str, Any]]:
        with connection.transaction():
            rows = connection.execute(
                "SELECT recipients, subject, text_body, html_body FROM outbox.message ORDER BY created_at, dedupe_key"
            ).fetchall()
        return [dict(zip(("recipients", "subject", "text", "html"), row, strict=True)) for row in rows]

    return mails
