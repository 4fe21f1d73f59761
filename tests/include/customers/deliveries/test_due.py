import asyncio
import json
from collections.abc import Callable

import pytest

from include.customers.due import FilesDue
from tests.include.customers.deliveries.conftest import DAY_1, Depot, orders


def fired(*deeds: Callable[[], object], within: float) -> int:
    """How often the trigger fires: for each of the deeds, one after the other, within so many seconds, and once more
    without any deed within one."""

    async def count() -> int:
        events = FilesDue().run()
        times = 0
        try:
            for do, patience in [*((do, within) for do in deeds), (lambda: None, 1.2)]:
                event = asyncio.ensure_future(anext(events))
                # It has looked by then, and found nothing.
                await asyncio.sleep(0.2)
                assert not event.done()
                await asyncio.to_thread(do)
                await asyncio.wait_for(event, patience)
                times += 1
        except TimeoutError:
            pass
        finally:
            await events.aclose()
        return times

    return asyncio.run(count())


def test_it_fires_once_for_each_file(depot: Depot) -> None:
    def drop() -> None:
        (depot.folder / "incoming" / "orders.csv").write_text("dropped")

    def upload() -> None:
        depot.receive("orders", DAY_1, orders(DAY_1))

    # What was told of and is still there is told of again only after a minute.
    assert fired(upload, drop, within=10) == 2


def test_what_a_run_has_just_received_from_the_folder_is_no_news(depot: Depot) -> None:
    def drop_and_receive() -> None:
        (depot.folder / "incoming" / "orders.csv").write_text("dropped")
        depot.look()

    def grow_old() -> None:
        depot.connection.execute("UPDATE partner.file SET received_at = now() - interval '11 minutes'")

    assert fired(drop_and_receive, within=1.5) == 0
    assert fired(grow_old, within=10) == 1


def test_a_database_that_is_away_is_no_reason_to_raise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    conn = {"conn_type": "postgres", "host": "/nowhere", "schema": "storekeeper", "login": "storekeeper_app"}
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(conn))
    assert fired(lambda: None, within=0.5) == 0
    assert "storekeeper_db" in capsys.readouterr().out


def test_a_folder_that_cannot_be_read_is_no_reason_to_raise(depot: Depot, capsys: pytest.CaptureFixture[str]) -> None:
    depot.folder.write_text("a file where the folder should be")
    assert fired(lambda: None, within=0.5) == 0
    assert "STOREKEEPER_PARTNER_FILES" in capsys.readouterr().out
