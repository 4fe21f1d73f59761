"""ORDER_PROVIDERS, the YAML file that says which ordering platforms may send webhooks and how to read them."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from listener.expression import Expression, compile_expression
from listener.settings import SettingsError
from listener.webhooks.mapping import AMOUNTS, ITEM_AMOUNTS, ITEM_REQUIRED, OPTIONAL, REQUIRED, OrderMapping
from listener.webhooks.order_provider import OrderProvider
from listener.webhooks.signatures import Hmac, Scheme, StandardWebhooks, decode_secret

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class Entry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One provider as the file states it."""

    #: The name of the variable that holds the secret; several secrets in it are separated by spaces.
    secret: str
    scheme: Literal["standard-webhooks", "hmac"] = "standard-webhooks"
    header: str | None = None
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    event_id: str | None = None
    event_type: str
    events: dict[str, Literal["created", "updated", "cancelled"]]
    ignored_events: list[str] = []
    order: dict[str, str]
    item: dict[str, str] = {}


def load_providers(path: Path | None, environment: Mapping[str, str]) -> dict[str, OrderProvider]:
    """The providers by name; none without a file. Raises SettingsError with every mistake as file: provider: field."""
    if path is None:
        return {}
    try:
        document = yaml.safe_load(path.read_text())
        entries = msgspec.convert(document, dict[Literal["providers"], dict[str, Any]])["providers"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError([f"{path}: cannot be read: {error}"]) from None
    except (msgspec.ValidationError, KeyError):
        raise SettingsError([f"{path}: has no `providers:` with one entry per platform"]) from None
    problems: list[str] = []
    providers = {}
    for name, entry in entries.items():

        def complain(field: str, what: str, name: str = name) -> None:
            problems.append(f"{path}: {name}: {field}: {what}")

        providers[name] = _provider(name, entry, environment, complain)
    if problems:
        raise SettingsError(problems)
    return {name: provider for name, provider in providers.items() if provider}


def _provider(
    name: str, stated: Any, environment: Mapping[str, str], complain: Callable[[str, str], None]
) -> OrderProvider | None:
    if not NAME.fullmatch(name) or name == "square":
        complain("name", "take lower-case letters, digits and hyphens, and not `square`: it is a part of the URL")
    try:
        entry = msgspec.convert(stated, Entry)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$.")
        complain(place.rstrip("`") or "fields", what)
        return None
    mapping = OrderMapping(
        _compile("order", entry.order, REQUIRED, OPTIONAL, AMOUNTS, complain),
        _compile("item", entry.item, ITEM_REQUIRED, (), ITEM_AMOUNTS, complain) if "items" in entry.order else {},
    )
    if len(set(AMOUNTS) & entry.order.keys()) != 1:
        complain("order", "give the amount as one of total (12.50) and total_cents (1250)")
    if entry.item and "items" not in entry.order:
        complain("item", "order.items does not say where the items are")
    if entry.scheme == "hmac" and entry.event_id is None:
        complain(
            "event_id", "is missing: with scheme hmac no header is signed, so say where the body has the event's id"
        )
    event_id = None if entry.event_id is None else _expression("event_id", entry.event_id, complain)
    return OrderProvider(
        name=name,
        scheme=_scheme(entry, environment, complain),
        event_id=event_id,
        event_type=_expression("event_type", entry.event_type, complain),
        events=entry.events,
        ignored_events=frozenset(entry.ignored_events),
        mapping=mapping,
    )


def _scheme(entry: Entry, environment: Mapping[str, str], complain: Callable[[str, str], None]) -> Scheme:
    secrets = environment.get(entry.secret, "").split()
    if not secrets:
        complain("secret", f"the variable {entry.secret} is not set: set it to the secret that the platform shows")
    if entry.scheme == "hmac":
        if not entry.header:
            complain("header", "is missing: name the header that holds the signature")
        return Hmac((entry.header or "").lower(), entry.encoding, entry.prefix, secrets)
    keys = []
    for secret in secrets:
        try:
            keys.append(decode_secret(secret))
        except ValueError as error:
            complain("secret", f"the variable {entry.secret} holds {error}")
    return StandardWebhooks(keys)


def _compile(
    field: str,
    stated: Mapping[str, str],
    required: tuple[str, ...],
    optional: tuple[str, ...],
    amounts: tuple[str, ...],
    complain: Callable[[str, str], None],
) -> dict[str, Expression]:
    known = (*required, *optional, *amounts)
    for name in required:
        if name not in stated:
            complain(f"{field}.{name}", "is missing")
    for name in stated:
        if name not in known:
            complain(f"{field}.{name}", f"is not known: take {', '.join(known)}")
    return {name: _expression(f"{field}.{name}", text, complain) for name, text in stated.items() if name in known}


def _expression(field: str, text: str, complain: Callable[[str, str], None]) -> Expression:
    try:
        return compile_expression(text)
    except ValueError as error:
        complain(field, f"{text!r} is no JMESPath expression: {error}")
        return compile_expression("wrong")
