"""Square's webhooks: the event names the order; large_orders fetches it."""

from collections.abc import Mapping

from listener.expression import UnreadableError
from listener.webhooks.event import WebhookEvent, body_id, identifier, parse_json
from listener.webhooks.signatures import Scheme


class SquareWebhooks:
    """The events of the seller's subscription, whatever their type."""

    name = "square"

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        return self._scheme.is_signed(headers, body)

    def read(self, headers: Mapping[str, str], body: bytes) -> WebhookEvent:  # noqa: ARG002 (a Provider's signature)
        try:
            document = parse_json(body)
            if not isinstance(document, dict):
                raise UnreadableError("the body is no JSON object")
            event_id = identifier(document.get("event_id"), "event_id")
            return WebhookEvent(self.name, event_id, identifier(document.get("type"), "type"), body)
        except UnreadableError as error:
            return WebhookEvent(self.name, body_id(body), "unreadable", body, unreadable=str(error))
