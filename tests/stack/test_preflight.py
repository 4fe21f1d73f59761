from cryptography.fernet import Fernet

from stack.preflight import PASSWORDS, faults

AIRFLOW = {
    ("core", "auth_manager"): "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
    ("core", "fernet_key"): Fernet.generate_key().decode(),
    ("api", "secret_key"): "k" * 32,
    ("api_auth", "jwt_secret"): "j" * 64,
}
ENVIRONMENT = {name: f"{number:024x}" for number, name in enumerate(PASSWORDS, start=1)} | {
    "AIRFLOW_ADMIN_PASSWORD": "correct horse battery",
    "SQUARE_ACCESS_TOKEN": "EAAA",
}


def check(environment: dict[str, str] | None = None, airflow: dict[tuple[str, str], str] | None = None) -> list[str]:
    settings = AIRFLOW | (airflow or {})
    return faults(ENVIRONMENT | (environment or {}), lambda section, option: settings[section, option])


def test_good_settings_pass() -> None:
    assert check() == []


def test_the_development_login_is_refused() -> None:
    simple = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
    [fault] = check(airflow={("core", "auth_manager"): simple})
    assert "SimpleAuthManager" in fault


def test_an_empty_fernet_key_is_refused() -> None:
    [fault] = check(airflow={("core", "fernet_key"): ""})
    assert "fernet_key" in fault


def test_short_secrets_are_refused() -> None:
    found = check(airflow={("api", "secret_key"): "", ("api_auth", "jwt_secret"): "j" * 63})
    assert len(found) == 2


def test_a_missing_password_is_named() -> None:
    [fault] = check({"STOREKEEPER_READER_PASSWORD": ""})
    assert "STOREKEEPER_READER_PASSWORD" in fault


def test_a_password_that_would_break_a_url_is_refused() -> None:
    [fault] = check({"AIRFLOW_DB_PASSWORD": "0123456789abcdef@/?"})
    assert "AIRFLOW_DB_PASSWORD" in fault


def test_well_known_words_are_refused_also_with_digits_behind() -> None:
    found = check({"AIRFLOW_ADMIN_PASSWORD": "password-2026!!"})
    assert found == ["AIRFLOW_ADMIN_PASSWORD is a well-known word."]


def test_two_roles_may_not_share_a_password() -> None:
    [fault] = check({"STOREKEEPER_APP_PASSWORD": ENVIRONMENT["STOREKEEPER_OWNER_PASSWORD"]})
    assert "STOREKEEPER_APP_PASSWORD and STOREKEEPER_OWNER_PASSWORD" in fault


def test_no_fault_quotes_a_value() -> None:
    text = " ".join(check({"POSTGRES_PASSWORD": "canary", "AIRFLOW_ADMIN_PASSWORD": "bird"}))
    assert "canary" not in text
    assert "bird" not in text
