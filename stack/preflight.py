"""Refuses to start production on settings that are fit for a demo only. docker-compose runs it before all else.

python -m stack.preflight
"""

import os
import re
import sys
from collections.abc import Callable, Mapping

from cryptography.fernet import Fernet

# What examples and old installations are full of.
WELL_KNOWN = {
    "admin",
    "airflow",
    "changeme",
    "default",
    "password",
    "postgres",
    "secret",
    "storekeeper",
    "temporary_key",
    "test",
}
PASSWORDS = (
    "POSTGRES_PASSWORD",
    "AIRFLOW_DB_PASSWORD",
    "STOREKEEPER_OWNER_PASSWORD",
    "STOREKEEPER_APP_PASSWORD",
    "STOREKEEPER_LISTENER_PASSWORD",
    "STOREKEEPER_READER_PASSWORD",
    "STOREKEEPER_REPORT_PASSWORD",
    "REDIS_PASSWORD",
)
SHORTEST_PASSWORD = 16
SHORTEST_ADMIN_PASSWORD = 12
SHORTEST_SECRET_KEY = 32
SHORTEST_JWT_SECRET = 64


def faults(environment: Mapping[str, str], airflow_setting: Callable[[str, str], str]) -> list[str]:
    """
    What must be changed before production may start, one sentence each; values are never quoted.

    :param airflow_setting: (section, option) → the value that Airflow will use, empty if there is none.
    """
    found = []
    if not airflow_setting("core", "auth_manager").endswith(".FabAuthManager"):
        found.append("[core] auth_manager must be FabAuthManager: SimpleAuthManager is for development.")
    try:
        Fernet(airflow_setting("core", "fernet_key"))
    except ValueError:
        found.append("[core] fernet_key is empty or no key: passwords would be kept readable. Set AIRFLOW_FERNET_KEY.")
    for section, option, shortest, name in (
        ("api", "secret_key", SHORTEST_SECRET_KEY, "AIRFLOW_SECRET_KEY"),
        ("api_auth", "jwt_secret", SHORTEST_JWT_SECRET, "AIRFLOW_JWT_SECRET"),
    ):
        if len(airflow_setting(section, option)) < shortest:
            found.append(f"[{section}] {option} must have at least {shortest} characters. Set {name}.")
    for name in PASSWORDS:
        if not re.fullmatch(rf"[\w.~-]{{{SHORTEST_PASSWORD},}}", environment.get(name, ""), re.ASCII):
            found.append(f"{name} must be at least {SHORTEST_PASSWORD} letters and digits: openssl rand -hex 24")
    if len(environment.get("AIRFLOW_ADMIN_PASSWORD", "")) < SHORTEST_ADMIN_PASSWORD:
        found.append(f"AIRFLOW_ADMIN_PASSWORD must have at least {SHORTEST_ADMIN_PASSWORD} characters.")
    return found + _repeated(environment)


def _repeated(environment: Mapping[str, str]) -> list[str]:
    """Roles that share a password, and words that everybody tries first."""
    found = []
    values: dict[str, str] = {}
    for name in (*PASSWORDS, "AIRFLOW_ADMIN_PASSWORD", "SQUARE_ACCESS_TOKEN"):
        value = environment.get(name, "")
        if re.sub(r"[\d_!-]+$", "", value.lower()) in WELL_KNOWN:
            found.append(f"{name} is a well-known word.")
        if value and value in values:
            found.append(f"{name} and {values[value]} are the same.")
        values.setdefault(value, name)
    return found


def main() -> None:
    from airflow.configuration import conf

    found = faults(os.environ, lambda section, option: conf.get(section, option, fallback="") or "")
    if found:
        sys.exit("\n".join(["Storekeeper does not start:", *found, "docs/production.md says how to set them."]))


if __name__ == "__main__":
    main()
