"""How a call's facts read in a mail."""

import re
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from include.mail.render import percent

OUTCOMES = {
    "ANSWERED": "answered",
    "CALLER_GAVE_UP": "hung up while it rang",
    "RANG_OUT": "nobody answered",
    "BUSY": "busy",
    "PHONES_UNREACHABLE": "phones could not be reached",
    "VOICEMAIL": "went to voicemail",
    "HUNG_UP_EARLY": "hung up before it rang",
    "QUEUE_ABANDONED": "hung up in the queue",
    "QUEUE_TIMEOUT": "waited too long in the queue",
    "QUEUE_FULL": "queue was full",
    "QUEUE_EMPTY": "nobody at the queue",
    "UNKNOWN": "not known",
    "UNKNOWN_GAP": "not known: the feed was lost",
}


def clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def duration(seconds: Decimal) -> str:
    """Whole seconds up to a minute and a half, then minutes: ``31 s``, ``2 min 05 s``."""
    whole = int(seconds.quantize(Decimal(1), ROUND_HALF_UP))
    return f"{whole} s" if whole < 90 else f"{whole // 60} min {whole % 60:02} s"


def tel(number: str) -> str:
    """What a telephone dials when the number is touched."""
    return "tel:" + ("+" if number.strip().startswith("+") else "") + re.sub(r"[^0-9*#]", "", number)


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def stretch(begin_at: datetime, end_at: datetime | None, zone: ZoneInfo) -> str:
    """``from 18:02 to 18:40``, with the days where they are not one."""
    begin = begin_at.astimezone(zone)
    if end_at is None:
        return f"since {begin:%H:%M}, {begin:%a, %b} {begin.day}"
    end = end_at.astimezone(zone)
    if begin.date() == end.date():
        return f"from {begin:%H:%M} to {end:%H:%M}"
    return f"from {begin:%H:%M}, {begin:%a, %b} {begin.day} to {end:%H:%M}, {end:%a, %b} {end.day}"


# Why calls are in no figure of a day.
LEFT_OUT = {
    "closed": "came in while it was closed",
    "short_abandon": "hung up at once",
    "outcome": "ended in a way that does not count",
    "unknown": "ended unseen",
}


def percentage(ratio: Decimal | None) -> str:
    return "none" if ratio is None else percent(ratio.quantize(Decimal("0.01"), ROUND_HALF_UP))


# What the mails' templates call.
WORDS = {
    "outcomes": OUTCOMES,
    "clock": clock,
    "counted": counted,
    "duration": duration,
    "percentage": percentage,
    "stretch": stretch,
    "tel": tel,
}
