"""Times and amounts as people read them: always in the zone of the shop or report, and the zone named."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from markupsafe import Markup


def zone_words(timezone: str) -> str:
    """`America/New_York` → `New York time`."""
    return "UTC" if timezone in {"UTC", "Etc/UTC"} else f"{timezone.rsplit('/', 1)[-1].replace('_', ' ')} time"


def clock(at: datetime, timezone: str) -> str:
    """`Mon, Nov 23, 06:00`; with the year when it is another one."""
    local = at.astimezone(ZoneInfo(timezone))
    is_this_year = local.year == datetime.now(ZoneInfo(timezone)).year
    return local.strftime("%a, %b %-d, %H:%M" if is_this_year else "%a, %b %-d %Y, %H:%M")


def moment(at: datetime | None, timezone: str, *, named: bool = True) -> Markup:
    """A `<time>`; without `named` the zone must stand beside it."""
    if at is None:
        return Markup("&ndash;")
    html = Markup('<time datetime="{}">{}</time>').format(at.astimezone(UTC).isoformat(), clock(at, timezone))
    return html + Markup(' <span class="quiet">{}</span>').format(zone_words(timezone)) if named else html


def distance(at: datetime) -> str:
    """`in 2 days`, `3 minutes ago`."""
    words: str = format_timedelta(at - datetime.now(UTC), add_direction=True, locale="en_US", threshold=1.5)
    return words


def next_try(at: datetime) -> str:
    """`again in 5 minutes`; of what is due, `again now`."""
    return f"again {distance(at)}" if at > datetime.now(UTC) else "again now"


def duration(span: timedelta) -> str:
    """`0.8 s`, `12 s`, `3 min 5 s`, `1 h 12 min`."""
    seconds = span.total_seconds()
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return f"{rest} s"
    hours, minutes_left = divmod(minutes, 60)
    return f"{minutes} min {rest} s" if hours == 0 else f"{hours} h {minutes_left} min"


def file_size(count: int) -> str:
    return f"{count} bytes" if count < 1000 else f"{count / 1000:.1f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 row`, `1,204 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
