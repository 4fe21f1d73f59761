import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from include.config import Chain, load_chain
from include.config.chain import DEMO_FOLDER
from tests.include.calls.conftest import Look, Mails
from tests.include.calls.phone import Phone

# 18:00 in Manhattan, on a Saturday.
EVENING = datetime(2026, 11, 21, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def with_number(tmp_path: Path) -> Callable[[str], Chain]:
    """The demo chain, with one number more for Manhattan's front desk."""

    def with_number(number: str) -> Chain:
        folder = Path(shutil.copytree(DEMO_FOLDER, tmp_path / "chain"))
        file = folder / "phones.yaml"
        file.write_text(file.read_text().replace('["+12125550101"]', f'["+12125550101", "{number}"]'))
        return load_chain(folder)

    return with_number


def test_operations_hear_once_of_each_number_that_is_nobodys(phone: Phone, look_at: Look, mails: Mails) -> None:
    for minute in range(3):
        phone.rings(EVENING + minute * MINUTE, dialled_number="+18005550100")
    look_at(EVENING)
    phone.rings(EVENING, "ANSWERED", dialled_number="+18005550100")
    phone.rings(EVENING, dialled_number=None, department="queue-9")
    look_at(EVENING)
    assert [(mail["recipients"], mail["subject"]) for mail in mails()] == [
        (["operations@example.com"], "Calls come in by a number of no department"),
        (["operations@example.com"], "Calls come in by a number of no department"),
    ]
    assert "+18005550100" in mails()[0]["text"]
    assert "queue-9" in mails()[1]["html"]


def test_its_calls_are_kept_and_found_when_somebody_owns_it(
    phone: Phone, look_at: Look, mails: Mails, connection: psycopg.Connection, with_number: Callable[[str], Chain]
) -> None:
    for minute in range(5):
        phone.rings(EVENING + minute * MINUTE, dialled_number="+18005550100")
    assert look_at(EVENING + 5 * MINUTE).alerts == 0
    rows = connection.execute("SELECT DISTINCT location, uncounted_because FROM calls.call").fetchall()
    assert rows == [(None, "unconfigured")]
    connection.commit()

    outcome = look_at(EVENING + 30 * MINUTE, with_number("+1 800 555 0100"))

    assert (outcome.adopted, outcome.alerts) == (5, 1)
    assert mails()[-1]["subject"] == "Manhattan, Front desk: 5 missed calls since 17:59"
    assert connection.execute("SELECT FROM calls.unconfigured_number").fetchall() == []
