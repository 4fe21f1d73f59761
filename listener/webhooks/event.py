"""One event of a provider, as it goes into inbox.webhook_event."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from listener.expression import UnreadableError

# Ids and types beyond this are no ids: Postgres could not index them.
LONGEST_ID = 255


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """`body` byte for byte as it came; `online_order` is JSON of listener.webhooks.order.OnlineOrder."""

    provider: str
    event_id: str
    event_type: str
    body: bytes
    online_order: str | None = None
    #: Why it is a dead letter; None where it is none.
    unreadable: str | None = None

    @property
    def state(self) -> str:
        return "new" if self.unreadable is None else "dead"


class Provider(Protocol):
    """Somebody who sends webhooks."""

    @property
    def name(self) -> str: ...

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the provider's secrets signed the body."""

    def read(self, headers: Mapping[str, str], body: bytes) -> WebhookEvent | None:
        """The event, a dead letter where it cannot be read, or None where the configuration ignores its type."""


# Amounts must not pass through float.
_decoder = msgspec.json.Decoder(float_hook=str)


def parse_json(body: bytes) -> Any:
    """The JSON of a body. Numbers with a fraction or an exponent stay the text that they are."""
    try:
        return _decoder.decode(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"the body is no JSON: {_without_values(error)}") from None


def identifier(value: object, name: str) -> str:
    """`value` as an id or a type that Postgres can keep and index."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID or "\0" in value:
        raise UnreadableError(f"{name} is no text of 1 to {LONGEST_ID} characters")
    return value


def body_id(body: bytes) -> str:
    """The id of an event whose own cannot be read: a repetition is still one."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _without_values(error: Exception) -> str:
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)
