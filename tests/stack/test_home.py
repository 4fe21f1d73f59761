import socket
from pathlib import Path

from cryptography.fernet import Fernet

from stack.home import Home, is_free


def make_home(folder: Path) -> Home:
    home = Home(folder / "home")
    home.create()
    return home


def test_secrets_are_made_once(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    assert home.secrets() == home.secrets()


def test_two_homes_share_no_secret(tmp_path: Path) -> None:
    one, other = make_home(tmp_path / "one").secrets(), make_home(tmp_path / "other").secrets()
    assert not set(one.values()) & set(other.values())


def test_secrets_are_strong_enough_for_airflow(tmp_path: Path) -> None:
    secrets = make_home(tmp_path).secrets()
    Fernet(secrets["fernet_key"])
    assert len(secrets["jwt_secret"]) >= 64


def test_only_the_owner_may_read_the_home(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    home.secrets()
    assert home.folder.stat().st_mode & 0o077 == 0
    assert (home.folder / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_chosen_port_is_kept(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    assert home.free_port("smtp") == home.free_port("smtp")


def test_a_chosen_port_that_another_took_is_replaced(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    port = home.free_port("smtp")
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
        assert home.free_port("smtp") != port
