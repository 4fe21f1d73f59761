"""Square's way of writing a time: RFC 3339 in UTC with milliseconds. Such texts sort as the times do."""

from datetime import UTC, datetime

from sandbox.square.errors import SquareError


def rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """Raises ValueError if `text` is no RFC 3339 time with an offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} names no offset from UTC")
    return at


def normalise(text: str) -> str:
    """The same time as this stand-in writes it, so that it can be compared as text."""
    if len(text) == len("2026-01-01T00:00:00.000Z") and text.endswith("Z"):
        return text
    return rfc3339(parse(text))


def asked(text: str, field: str) -> str:
    """A time of a request, normalised. Raises SquareError naming the field."""
    try:
        return normalise(text)
    except (TypeError, ValueError) as error:
        raise SquareError("INVALID_TIME", str(error), field=field) from error
