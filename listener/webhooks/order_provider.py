"""An ordering platform's webhooks: the event holds the order."""

from collections.abc import Mapping
from dataclasses import dataclass

from listener.expression import Expression, UnreadableError
from listener.webhooks.event import WebhookEvent, body_id, identifier, parse_json
from listener.webhooks.mapping import OrderMapping
from listener.webhooks.signatures import Scheme

UNREADABLE = "unreadable"


@dataclass(frozen=True)
class OrderProvider:
    """One entry of ORDER_PROVIDERS.

    :param event_id: where the event's id is in the body; None: in the header `webhook-id`, which is signed.
    :param events: the platform's event types in our words: created, updated, cancelled.
    :param ignored_events: types that are acknowledged and forgotten.
    """

    name: str
    scheme: Scheme
    event_id: Expression | None
    event_type: Expression
    events: Mapping[str, str]
    ignored_events: frozenset[str]
    mapping: OrderMapping

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        return self.scheme.is_signed(headers, body)

    def read(self, headers: Mapping[str, str], body: bytes) -> WebhookEvent | None:
        event_id, event_type = "", UNREADABLE
        try:
            if self.event_id is None:
                event_id = identifier(headers.get("webhook-id"), "webhook-id")
            document = parse_json(body)
            if self.event_id is not None:
                event_id = identifier(_id(self.event_id(document)), "event_id")
            event_type = identifier(self.event_type(document), "event_type")
            if event_type in self.ignored_events:
                return None
            if event_type not in self.events:
                raise UnreadableError(
                    "its type is in neither events nor ignored_events of the provider's configuration"
                )
            order = self.mapping.to_json(self.events[event_type], document)
            return WebhookEvent(self.name, event_id, event_type, body, online_order=order)
        except UnreadableError as error:
            return WebhookEvent(self.name, event_id or body_id(body), event_type, body, unreadable=str(error))


def _id(found: object) -> object:
    """Some platforms number their events."""
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else found
