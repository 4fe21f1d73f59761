"""Imports airflow_settings.yaml into Airflow: connections, pools and variables, made or brought up to date.

    python -m stack.import_settings airflow_settings.yaml

The file's format is the Astro CLI's; ``${NAME}`` in a value is taken from the environment. What the file does not
name is left alone. Production imports it too (docker-compose's init), so nothing of the demo is imported here.
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


class SettingsError(Exception):
    """The file cannot be imported; the message names the place and the remedy."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConnectionSetting(_Strict):
    conn_id: str
    conn_type: str
    conn_host: str | None = None
    conn_port: int | None = None
    conn_schema: str | None = None
    conn_login: str | None = None
    conn_password: str | None = None
    conn_extra: dict[str, Any] | None = None


class PoolSetting(_Strict):
    pool_name: str
    pool_slot: int
    pool_description: str = ""


class VariableSetting(_Strict):
    variable_name: str
    variable_value: str


class Settings(_Strict):
    connections: list[ConnectionSetting] = []
    pools: list[PoolSetting] = []
    variables: list[VariableSetting] = []


class SettingsFile(_Strict):
    airflow: Settings


def load_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError for a variable that is not set or a key that is wrong. An empty variable is a value."""
    document = yaml.safe_load(file.read_text())
    missing = sorted({name for name in _placeholders(document) if name not in environment})
    if missing:
        raise SettingsError(f"{file}: set {', '.join(missing)} in the environment (empty if there is none)")
    try:
        return SettingsFile.model_validate(_expand(document, environment)).airflow
    except ValidationError as error:
        # Neither the value nor pydantic's own text: either may hold a secret.
        places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        raise SettingsError(f"{file}: {places}") from None


def _placeholders(node: Any) -> set[str]:
    if isinstance(node, str):
        return set(PLACEHOLDER.findall(node))
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        return {name for child in node for name in _placeholders(child)}
    return set()


def _expand(node: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(node, str):
        return PLACEHOLDER.sub(lambda match: environment[match[1]], node)
    if isinstance(node, dict):
        return {key: _expand(value, environment) for key, value in node.items()}
    if isinstance(node, list):
        return [_expand(child, environment) for child in node]
    return node


def import_settings(settings: Settings) -> None:
    """Writes them to Airflow's database in one transaction."""
    from airflow.models import Connection, Pool, Variable
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        for wanted in settings.connections:
            connection = session.scalar(select(Connection).where(Connection.conn_id == wanted.conn_id))
            if connection is None:
                connection = Connection(conn_id=wanted.conn_id)
                session.add(connection)
            connection.conn_type = wanted.conn_type
            connection.host = wanted.conn_host or None
            connection.port = wanted.conn_port
            connection.schema = wanted.conn_schema or None
            connection.login = wanted.conn_login or None
            connection.set_password(wanted.conn_password or None)
            connection.set_extra(json.dumps(wanted.conn_extra) if wanted.conn_extra else None)
        for pool in settings.pools:
            Pool.create_or_update_pool(
                pool.pool_name, pool.pool_slot, pool.pool_description, include_deferred=False, session=session
            )
        for variable in settings.variables:
            Variable.set(variable.variable_name, variable.variable_value, session=session)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python -m stack.import_settings airflow_settings.yaml")
    try:
        settings = load_settings(Path(sys.argv[1]))
    except SettingsError as error:
        sys.exit(str(error))
    import_settings(settings)
    ids = ", ".join(connection.conn_id for connection in settings.connections)
    print(f"imported connections {ids}; {len(settings.pools)} pools, {len(settings.variables)} variables")


if __name__ == "__main__":
    main()
