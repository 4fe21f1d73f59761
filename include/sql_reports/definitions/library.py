"""Taking over what reports.yaml says: new entries come in, and what nobody has changed since follows the file."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from pydantic import ValidationError

from include.config.errors import ConfigError, Problem
from include.config.model import Model
from include.config.reports import Entry, ReportsConfig
from include.sql_reports.definitions.audit import Kind
from include.sql_reports.definitions.definition import Definition, field_problems
from include.sql_reports.definitions.errors import NameTakenError
from include.sql_reports.definitions.standing_orders import OrderDefinition, change_order, create_order
from include.sql_reports.definitions.store import change_report, create_report
from include.sql_reports.query.guard import RejectedError

# Who the audit trail says it was.
USER = "configuration"

AnyDefinition = TypeVar("AnyDefinition", bound=Model)
log = logging.getLogger(__name__)


@dataclass
class Tally:
    """How many entries came in, were changed, and were left as people have made them."""

    created: int = 0
    changed: int = 0
    left: int = 0


@dataclass(frozen=True)
class _Known:
    """What an entry has become. `is_ours`: nobody has changed or deleted it since it was taken over."""

    object_id: int
    digest: str
    is_ours: bool


def take_over(connection: psycopg.Connection, config: ReportsConfig) -> Tally:
    """Makes the reports and standing orders those of the configuration; each entry is a transaction of its own.

    Looks at digests only while nothing has changed. What is no longer in the files stays as it is.

    :raises ConfigError: with every entry that cannot be, by file and line; the others have been taken over.
    """
    tally = Tally()
    problems: list[Problem] = []
    kinds: dict[Kind, tuple[Entry, ...]] = {"report": config.reports, "standing_order": config.standing_orders}
    for kind, entries in kinds.items():
        known = _known(connection, kind)
        for entry in entries:
            try:
                with connection.transaction():
                    _take_over(connection, kind, entry, known.get(entry.key), tally)
            except (ValidationError, RejectedError, NameTakenError) as error:
                problems.extend(_problems(config, entry, error))
    if problems:
        raise ConfigError(problems)
    return tally


def _take_over(connection: psycopg.Connection, kind: Kind, entry: Entry, known: _Known | None, tally: Tally) -> None:
    digest = sha256(json.dumps(entry.values, sort_keys=True, default=str).encode()).hexdigest()
    if known is None:
        _CREATE[kind](connection, entry, digest)
        tally.created += 1
    elif known.digest == digest:
        return
    elif known.is_ours:
        _CHANGE[kind](connection, known.object_id, entry, digest)
        tally.changed += 1
    else:
        tally.left += 1


def _create_report(connection: psycopg.Connection, entry: Entry, digest: str) -> None:
    create_report(connection, _definition(Definition, entry), USER, config_key=entry.key, config_digest=digest)


def _create_order(connection: psycopg.Connection, entry: Entry, digest: str) -> None:
    create_order(connection, _definition(OrderDefinition, entry), USER, config_key=entry.key, config_digest=digest)


def _change_report(connection: psycopg.Connection, report_id: int, entry: Entry, digest: str) -> None:
    change_report(connection, report_id, _definition(Definition, entry), USER, config_digest=digest)


def _change_order(connection: psycopg.Connection, order_id: int, entry: Entry, digest: str) -> None:
    change_order(connection, order_id, _definition(OrderDefinition, entry), USER, config_digest=digest)


_CREATE: dict[Kind, Callable[[psycopg.Connection, Entry, str], None]] = {
    "report": _create_report,
    "standing_order": _create_order,
}
_CHANGE: dict[Kind, Callable[[psycopg.Connection, int, Entry, str], None]] = {
    "report": _change_report,
    "standing_order": _change_order,
}


def _definition(model: type[AnyDefinition], entry: Entry) -> AnyDefinition:
    return model.model_validate(entry.values)


def _known(connection: psycopg.Connection, kind: Kind) -> dict[str, _Known]:
    statement = sql.SQL(
        """
        SELECT config_key, {}, config_digest, updated_by = %s AND deleted_at IS NULL
        FROM {} WHERE config_key IS NOT NULL
        """
    ).format(sql.Identifier(f"{kind}_id"), sql.Identifier("reports", kind))
    return {key: _Known(*row) for key, *row in connection.execute(statement, [USER])}


def _problems(config: ReportsConfig, entry: Entry, error: Exception) -> Iterator[Problem]:
    def at(field: tuple[Any, ...], message: str) -> Problem:
        return config.document.problem((*entry.place, *field), message)

    match error:
        case ValidationError():
            for field, sentence in field_problems(error):
                yield at(tuple(int(key) if key.isdecimal() else key for key in field.split(".") if key), sentence)
        case RejectedError():
            for problem in error.problems:
                yield at(("sql",), f"line {problem.line}, column {problem.column}: {problem.message}")
        case _:
            yield at(("name",), str(error))
