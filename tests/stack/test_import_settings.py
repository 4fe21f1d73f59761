from pathlib import Path

import pytest

from stack.environment import Ports, connection_variables
from stack.home import PROJECT, Home
from stack.import_settings import SettingsError, load_settings
from stack.postgres import EmbeddedPostgres

FILE = PROJECT / "airflow_settings.yaml"


def write(folder: Path, connection: str) -> Path:
    file = folder / "settings.yaml"
    file.write_text(f"airflow:\n  connections:\n    - {{conn_id: shop, conn_type: http, {connection}}}\n")
    return file


def test_a_value_is_taken_from_the_environment(tmp_path: Path) -> None:
    file = write(tmp_path, "conn_host: 'https://${NAME}:${PORT}'")
    settings = load_settings(file, {"NAME": "shop.example", "PORT": "8443"})
    assert settings.connections[0].conn_host == "https://shop.example:8443"


def test_a_number_is_taken_from_the_environment(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, "conn_port: '${PORT}'"), {"PORT": "25"}).connections[0].conn_port == 25


def test_a_value_is_not_read_as_yaml(tmp_path: Path) -> None:
    hostile = "x'}\n- {conn_id: other"
    settings = load_settings(write(tmp_path, "conn_password: '${SECRET}'"), {"SECRET": hostile})
    assert settings.connections[0].conn_password == hostile


def test_an_empty_variable_is_a_value(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, "conn_password: '${SECRET}'"), {"SECRET": ""})
    assert settings.connections[0].conn_password == ""


def test_every_missing_variable_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, "conn_host: '${ONE}', conn_extra: {key: '${TWO}'}")
    with pytest.raises(SettingsError, match="ONE, TWO"):
        load_settings(file, {})


def test_a_wrong_key_is_named_and_no_value_is_shown(tmp_path: Path) -> None:
    file = write(tmp_path, "conn_pasword: '${SECRET}'")
    with pytest.raises(SettingsError, match=r"connections\.0\.conn_pasword") as caught:
        load_settings(file, {"SECRET": "canary"})
    assert "canary" not in str(caught.value)


def test_the_demo_answers_all_that_our_file_asks(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    demo = connection_variables(home, Ports(8080, 8081, 8090), EmbeddedPostgres(tmp_path))
    google = {"GOOGLE_KEYFILE_JSON": "{}", "GOOGLE_API_ROOT": "", "GOOGLE_FOLDER_ID": ""}
    settings = load_settings(FILE, demo | google)
    assert [connection.conn_id for connection in settings.connections] == [
        "storekeeper_db",
        "storekeeper_report_db",
        "square_default",
        "google_default",
        "smtp_default",
    ]
