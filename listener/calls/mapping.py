"""CALL_FEED_MAPPING: a YAML file that says where a telephone system's JSON has what we store, and what its words mean.

    where: type == 'call.ended' && direction == 'inbound'   # messages of which this is not true are none of ours
    authorization: CALL_FEED_AUTHORIZATION   # the variable that holds the Authorization header, if one is wanted
    time_zone: America/New_York              # of times that have no offset
    fields:                                  # JMESPath, https://jmespath.org
      call_id: id
      outcome: result
      started_at: times.start                # ISO 8601, or seconds or milliseconds since 1970
      answered_at: times.answer
      ended_at: times.end
      caller_number: from.number
    outcomes:
      answered: ANSWERED
      no-answer: RANG_OUT

Seconds that are not given follow from the times; a call without `ring_seconds` is taken to have rung while it waited.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml

from listener.calls.call import plain_text
from listener.calls.feed import RejectedError
from listener.calls.verdict import Outcome, Verdict, seconds
from listener.expression import Expression, UnreadableError, compile_expression
from listener.settings import SettingsError

REQUIRED = ("call_id", "outcome", "started_at", "ended_at")
TEXTS = ("caller_number", "caller_name", "dialled_number", "department")
NUMBERS = ("ring_seconds", "wait_seconds", "talk_seconds", "legs_tried")
FIELDS = (*REQUIRED, "answered_at", *TEXTS, *NUMBERS)
#: As seconds the year 5138, as milliseconds March 1973: a time beyond it is given in milliseconds.
MILLISECONDS_FROM = 10**11
# What the columns hold.
MOST_SECONDS, MOST_LEGS = 999_999.0, 32_767

Value = TypeVar("Value")


class Stated(msgspec.Struct, forbid_unknown_fields=True):
    """The file as it stands."""

    fields: dict[str, str]
    outcomes: dict[str, Outcome]
    where: str | None = None
    authorization: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class CallMapping:
    """From a message to a verdict."""

    fields: Mapping[str, Expression]
    outcomes: Mapping[str, Outcome]
    where: Expression | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    time_zone: tzinfo | None = None

    def verdict(self, message: Any) -> Verdict | None:
        """None for a message that is none of ours. Raises RejectedError that names the field, never its value."""
        if self.where is not None and not self._find("where", self.where, message):
            return None
        found = {name: self._find(name, expression, message) for name, expression in self.fields.items()}

        def read(name: str, rule: Callable[[Any], Value]) -> Value | None:
            value = found.get(name)
            if value is None or value == "":
                return None
            try:
                return rule(value)
            except (ValueError, TypeError, OverflowError, OSError):
                raise RejectedError(f"{name} cannot be read") from None

        def need(value: Value | None, name: str) -> Value:
            if value is None:
                raise RejectedError(f"{name} is missing")
            return value

        word = need(read("outcome", str), "outcome")
        if word not in self.outcomes:
            raise RejectedError("outcome is none of those in the mapping")
        started_at = need(read("started_at", self._moment), "started_at")
        ended_at = need(read("ended_at", self._moment), "ended_at")
        answered_at = read("answered_at", self._moment)
        waited = read("wait_seconds", _seconds)
        rang, talked = read("ring_seconds", _seconds), read("talk_seconds", _seconds)
        if waited is None:
            waited = seconds((answered_at or ended_at) - started_at)
        if talked is None:
            talked = seconds(ended_at - answered_at) if answered_at else 0.0
        return Verdict(
            call_id=need(plain_text(read("call_id", _text)), "call_id"),
            outcome=self.outcomes[word],
            caller_number=plain_text(read("caller_number", _text)),
            caller_name=plain_text(read("caller_name", _text)),
            dialled_number=plain_text(read("dialled_number", _text)),
            department=plain_text(read("department", _text)),
            ring_seconds=waited if rang is None else rang,
            wait_seconds=waited,
            talk_seconds=talked,
            legs_tried=read("legs_tried", _count) or 0,
            started_at=started_at,
            answered_at=answered_at,
            ended_at=max(started_at, ended_at),
        )

    def _find(self, name: str, expression: Expression, message: Any) -> Any:
        try:
            return expression(message)
        except UnreadableError as error:
            raise RejectedError(f"{name}: {error}") from None

    def _moment(self, value: Any) -> datetime:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value >= MILLISECONDS_FROM else value, UTC)
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            if self.time_zone is None:
                raise ValueError("no offset, and the mapping has no time_zone")
            moment = moment.replace(tzinfo=self.time_zone)
        return moment.astimezone(UTC)


def load_mapping(path: Path | None, environment: Mapping[str, str]) -> CallMapping:
    """Raises SettingsError with every mistake as file: field."""
    try:
        stated = msgspec.convert(yaml.safe_load(path.read_text()) if path else None, Stated)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise SettingsError([f"{path}: cannot be read: {error}"]) from None
    problems = [f"{path}: fields: {name} is missing" for name in REQUIRED if name not in stated.fields]
    problems += [
        f"{path}: fields: {name} is not known: take {', '.join(FIELDS)}" for name in stated.fields if name not in FIELDS
    ]
    texts = stated.fields | ({"where": stated.where} if stated.where is not None else {})
    compiled: dict[str, Expression] = {}
    for name, text in texts.items():
        try:
            compiled[name] = compile_expression(text)
        except ValueError as error:
            problems.append(f"{path}: {name}: {text!r} is no JMESPath expression: {error}")
    authorization = environment.get(stated.authorization or "", "")
    if stated.authorization and not authorization:
        problems.append(f"{path}: authorization: the variable {stated.authorization} is not set")
    try:
        time_zone = ZoneInfo(stated.time_zone) if stated.time_zone else None
    except (ZoneInfoNotFoundError, ValueError):
        problems.append(f"{path}: time_zone: {stated.time_zone!r} is no time zone: take one as America/New_York")
    if problems:
        raise SettingsError(problems)
    return CallMapping(
        fields={name: expression for name, expression in compiled.items() if name != "where"},
        outcomes=stated.outcomes,
        where=compiled.get("where"),
        headers={"Authorization": authorization} if authorization else {},
        time_zone=time_zone,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise TypeError("no text")
    return str(value)


def _seconds(value: Any) -> float:
    number = round(float(value), 3)
    if not 0 <= number <= MOST_SECONDS:
        raise ValueError("no number of seconds")
    return number


def _count(value: Any) -> int:
    if not 0 <= int(value) <= MOST_LEGS:
        raise ValueError("no number of legs")
    return int(value)
