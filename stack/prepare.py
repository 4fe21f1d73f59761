"""Brings both databases up to date, makes the first administrator and imports airflow_settings.yaml. Rerun-safe.

    python -m stack.prepare

Reads STOREKEEPER_OWNER_DB_URL, AIRFLOW_ADMIN_USER, AIRFLOW_ADMIN_PASSWORD, Airflow's settings and what
airflow_settings.yaml names. One process for all of it, because importing Airflow is what takes the time.
`make run` and docker-compose's init run it alike.
"""

import os
import sys
from pathlib import Path
from typing import Any

from include.warehouse.migrate import migrate
from include.web.partner_roles import ROLES
from stack.import_settings import SettingsError, import_settings, load_settings

SETTINGS = Path(__file__).parent.parent / "airflow_settings.yaml"


def prepare() -> None:
    settings = load_settings(SETTINGS)
    say("migrating the warehouse")
    migrate(os.environ["STOREKEEPER_OWNER_DB_URL"])
    say("migrating Airflow's database")
    from airflow.utils import db

    db.upgradedb()
    say("making the administrator")
    ensure_login(os.environ["AIRFLOW_ADMIN_USER"], os.environ["AIRFLOW_ADMIN_PASSWORD"])
    say("importing airflow_settings.yaml")
    import_settings(settings)


def ensure_login(name: str, password: str) -> None:
    """Makes our roles, and the administrator unless there is a user of that name: the password stays its owner's."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        manager = builder.sm
        ensure_roles(manager)
        if manager.find_user(username=name):
            return
        role = manager.find_role("Admin")
        if not manager.add_user(name, "Store", "Keeper", f"{name}@localhost", role, password):
            raise RuntimeError(f"Airflow did not make the user {name}: see the lines above")


def ensure_roles(manager: Any) -> None:
    """The two roles with the rights to a partner's files and reports; the administrator gets these rights when the
    api-server starts. And lets every role see our pages in Airflow's navigation, which asks for the plugins before it
    shows their entries.

    :param manager: FAB's security manager.
    """
    from airflow.providers.fab.www.security.permissions import ACTION_CAN_READ, RESOURCE_PLUGIN

    see_plugins = (ACTION_CAN_READ, RESOURCE_PLUGIN)
    for name, permissions in {"Viewer": (see_plugins,), "User": (see_plugins,), **ROLES}.items():
        role = manager.add_role(name)
        for permission in permissions:
            manager.add_permission_to_role(role, manager.create_permission(*permission))


def say(step: str) -> None:
    print(f"* {step}", flush=True)


if __name__ == "__main__":
    try:
        prepare()
    except SettingsError as error:
        sys.exit(str(error))
