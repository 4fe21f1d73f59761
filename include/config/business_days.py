"""When a business day begins: in a time zone, at a cut-over hour."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from include.config.model import Model


def time_zone(value: str) -> str:
    """The name, if it is one of the IANA's.

    :raises ValueError: when it is not.
    """
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{value!r} is no time zone") from None
    return value


class BusinessDays(Model):
    """Whoever has business days. Hours before the cut-over count to the day before."""

    timezone: Annotated[str, AfterValidator(time_zone)]
    cutover_hour: Annotated[int, Field(ge=0, le=12)] = 3

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def business_date(self, at: datetime) -> date:
        """The business day that an instant (with a time zone) belongs to; `silver.business_date` is the same in SQL."""
        return (at.astimezone(self.zone) - timedelta(hours=self.cutover_hour)).date()

    def business_day(self, day: date) -> tuple[datetime, datetime]:
        """The business day's first instant and the first one after it, in UTC: 23 to 25 hours apart."""
        return self._cutover(day), self._cutover(day + timedelta(days=1))

    def _cutover(self, day: date) -> datetime:
        # A cut-over in the hour that daylight saving skips is the first instant after it, one in the hour that comes
        # twice is the first of the two: fold=0 means both.
        return datetime.combine(day, time(self.cutover_hour), self.zone).astimezone(UTC)
