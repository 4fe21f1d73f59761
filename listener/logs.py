"""Logs: one JSON object a line on stdout. What would show a person or a secret is masked, wherever it comes from."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "***"
# Nobody should log these; the masks are the second line of defence.
PRIVATE_KEY = re.compile(r"caller|dialled|phone|number|name$|email|customer|address|secret|password|token|key|body|api")
PUBLIC_KEYS = {"event", "level", "timestamp", "logger", "feed_name", "call_id"}
PRIVATE_TEXT = re.compile(
    r"""
    (?P<secret> whsec_[\w+/=]+ | (?<=://)[^/\s:@]+:[^/\s@]+(?=@) | (?<=api_key=)[^&\s]+ | (?<=password=)\S+ )
    | (?P<email> [\w.+-]+@[\w-]+\.[\w.-]+ )
    | (?P<phone> \+\d[\d\s().-]{5,}\d | \(?\b\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b | \d{7,} )
    """,
    re.VERBOSE,
)


def mask(text: str) -> str:
    """The text without telephone numbers (but for their last two digits), mail addresses and secrets."""
    return PRIVATE_TEXT.sub(lambda found: MASK + (found["phone"] or "")[-2:], text)


def mask_event(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A structlog processor: masks values by their key, and texts by what is in them."""
    return {key: value if key in PUBLIC_KEYS - {"event"} else _masked(key, value) for key, value in event.items()}


def _masked(key: str, value: Any) -> Any:
    if key not in PUBLIC_KEYS and PRIVATE_KEY.search(key.lower()) and value is not None:
        return MASK
    if isinstance(value, dict):
        return {inner: _masked(str(inner), one) for inner, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_masked(key, one) for one in value]
    return value if isinstance(value, bool | int | float | None) else mask(str(value))


def set_up_logs() -> None:
    """Sends structlog's and the standard library's records (uvicorn, websocket) through the same masks."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [structlog.processors.format_exc_info, mask_event, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
