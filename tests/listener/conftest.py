"""A listener on the test's own database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Database
from tests.listener.process import Listener, running_listener


@pytest.fixture
def listener(database: Database, tmp_path: Path) -> Iterator[Listener]:
    """A listener with Square and demo-eats, and no telephone system."""
    with running_listener(database.url("storekeeper_listener"), tmp_path) as listener:
        yield listener
