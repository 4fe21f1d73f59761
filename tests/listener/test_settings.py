"""Wrong settings are named, all of them, and nothing starts."""

import socket
from pathlib import Path

import pytest

from listener.settings import Settings, SettingsError
from tests.listener.process import SQUARE_KEY, settings, start

URL = "postgresql://storekeeper_listener:db-password@postgres/storekeeper"
ARI = {
    "CALL_FEED": "ari",
    "ARI_URL": "http://pbx:8088/",
    "ARI_USER": "storekeeper",
    "ARI_PASSWORD": "ari-password",
    "LISTENER_SPOOL": "/spool",
}


def problems(**environment: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        Settings.from_environment(environment)
    return error.value.problems


def test_everything_is_read() -> None:
    read = Settings.from_environment(settings(URL, 9000) | ARI | {"ARI_CONTEXTS": "from-external, from-trunk"})
    assert (read.listener_host, read.listener_port) == ("127.0.0.1", 9000)
    assert (read.call_feed, read.call_feed_name, read.ari_url) == ("ari", "ari", "http://pbx:8088")
    assert read.ari_contexts == ("from-external", "from-trunk")
    assert (read.listener_spool, read.listener_spool_mb) == (Path("/spool"), 256)
    assert read.square_webhook_signature_key == (SQUARE_KEY,)


def test_a_second_key_counts_while_the_first_is_being_changed() -> None:
    read = Settings.from_environment(settings(URL, 9000) | {"SQUARE_WEBHOOK_SIGNATURE_KEY": "new old"})
    assert read.square_webhook_signature_key == ("new", "old")


def test_secrets_do_not_show() -> None:
    shown = repr(Settings.from_environment(settings(URL, 9000) | ARI))
    assert not {secret for secret in ("db-password", SQUARE_KEY, "ari-password") if secret in shown}


def test_every_wrong_variable_is_named_at_once() -> None:
    found = problems(
        CALL_FEED="sip",
        LISTENER_PORT="eighty",
        LISTENER_SPOOL_MB="0",
        SQUARE_WEBHOOK_URL="shop.example",
        ORDER_PROVIDERS="/nowhere.yaml",
        STOREKEEPER_LISTENER_DB_URL="mysql is not it",
    )
    assert [problem.split()[0] for problem in found] == [
        "CALL_FEED",
        "STOREKEEPER_LISTENER_DB_URL",
        "LISTENER_PORT",
        "LISTENER_SPOOL_MB",
        "SQUARE_WEBHOOK_SIGNATURE_KEY",
        "SQUARE_WEBHOOK_URL",
        "ORDER_PROVIDERS",
    ]
    assert found[0] == "CALL_FEED is 'sip': set it to one of ari, json, none"


def test_a_feed_needs_what_it_connects_with() -> None:
    ari = problems(STOREKEEPER_LISTENER_DB_URL=URL, CALL_FEED="ari")
    assert [problem.split()[0] for problem in ari] == ["LISTENER_SPOOL", "ARI_URL", "ARI_USER", "ARI_PASSWORD"]
    json = problems(STOREKEEPER_LISTENER_DB_URL=URL, CALL_FEED="json", CALL_FEED_URL="http://pbx")
    assert [problem.split()[0] for problem in json] == ["LISTENER_SPOOL", "CALL_FEED_URL", "CALL_FEED_MAPPING"]


@pytest.mark.parametrize("port", ["-1", "0", "65536", "8o90", "\uff18\uff10"])
def test_a_port_is_a_port(port: str) -> None:
    (problem,) = problems(STOREKEEPER_LISTENER_DB_URL=URL, CALL_FEED="none", LISTENER_PORT=port)
    assert problem.startswith("LISTENER_PORT")


def test_the_process_ends_and_says_why(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = start({"CALL_FEED": "none", "SQUARE_WEBHOOK_URL": "https://shop.example"}, log)
    assert process.wait(30) == 1
    said = log.read_text()
    assert said.splitlines()[0] == "The listener cannot start:"
    assert "- STOREKEEPER_LISTENER_DB_URL is not set" in said
    assert "- SQUARE_WEBHOOK_SIGNATURE_KEY is not set" in said
    assert "Traceback" not in said


def test_a_taken_port_ends_it_too(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(settings(URL, taken.getsockname()[1]), tmp_path / "log")
        assert process.wait(30) != 0
    assert "address already in use" in (tmp_path / "log").read_text()
