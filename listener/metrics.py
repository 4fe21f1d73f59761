"""What Prometheus may ask: `GET /metrics`. Labels name providers and outcomes, never people."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest


class Metrics:
    """The process's figures, in a registry of their own."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.webhooks = Counter(
            "storekeeper_webhooks",
            "Webhook requests answered, by what became of them (listener/webhooks/routes.py).",
            ["provider", "result"],
            registry=self.registry,
        )
        self.webhook_duplicates = Counter(
            "storekeeper_webhook_duplicates", "Webhook events that were there already.", registry=self.registry
        )
        self.webhooks_waiting = Gauge(
            "storekeeper_webhooks_waiting", "Webhook events waiting for their commit.", registry=self.registry
        )
        self.commit_rows = Histogram(
            "storekeeper_commit_rows",
            "Webhook events that shared a commit.",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
            registry=self.registry,
        )
        self.commit_seconds = Histogram(
            "storekeeper_commit_seconds",
            "Seconds that a commit of webhook events took.",
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
            registry=self.registry,
        )
        self.commit_failures = Counter(
            "storekeeper_commit_failures", "Commits of webhook events that failed.", registry=self.registry
        )
        self.calls = Counter(
            "storekeeper_calls", "Verdicts on ended calls.", ["feed", "outcome"], registry=self.registry
        )
        self.calls_refused = Counter(
            "storekeeper_calls_refused", "Calls lost because the spool was full.", ["feed"], registry=self.registry
        )
        self.calls_rejected = Counter(
            "storekeeper_calls_rejected",
            "Messages of a call feed, or calls, that nobody can take: in the spool's table rejected.",
            ["feed"],
            registry=self.registry,
        )
        self.calls_open = Gauge(
            "storekeeper_calls_open", "Calls that have not ended.", ["feed"], registry=self.registry
        )
        self.call_feed_connected = Gauge(
            "storekeeper_call_feed_connected", "1 while the feed is connected.", ["feed"], registry=self.registry
        )
        self.call_feed_gaps = Counter(
            "storekeeper_call_feed_gaps", "Times that the feed was lost.", ["feed"], registry=self.registry
        )
        self.spool_calls = Gauge(
            "storekeeper_spool_calls", "Calls on disk that wait for Postgres.", registry=self.registry
        )
        self.spool_bytes = Gauge("storekeeper_spool_bytes", "Bytes that the spool takes.", registry=self.registry)

    def exposition(self) -> bytes:
        """In Prometheus's text format, `media_type`."""
        return generate_latest(self.registry)
