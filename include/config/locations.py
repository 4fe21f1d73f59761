"""locations.yaml: the chain's locations, when they are open, when their business day begins, and who hears of them."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from include.config.business_days import BusinessDays
from include.config.model import Currency, MailAddress, Many, Model, Name


class OpeningTime(Model):
    """When a location is open: minutes of the local day. An end after 1440 lies in the night after."""

    begin_minute: int
    end_minute: int


def _opening_time(value: Any) -> Any:
    """``"11:00-23:00"``; hours after midnight count on, so that a Friday until two at night ends at ``26:00``."""
    times = re.fullmatch(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)", value) if isinstance(value, str) else None
    if times is None:
        raise ValueError(f'{value!r} is no opening time: write "11:00-23:00", or "17:00-26:00" until two at night')
    hour, minute, end_hour, end_minute = map(int, times.groups())
    begin, end = hour * 60 + minute, end_hour * 60 + end_minute
    if end <= begin:
        raise ValueError(f"{value!r} ends before it begins; hours after midnight count on: 02:00 is 26:00")
    if begin >= 24 * 60:
        raise ValueError(f"{value!r} begins on the next day")
    return {"begin_minute": begin, "end_minute": end}


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


OpeningTimes = Annotated[
    Many[Annotated[OpeningTime, BeforeValidator(_opening_time)]],
    BeforeValidator(_one_or_more),
]


class OpeningHours(Model):
    """Opening times per weekday; a day that is left out is closed."""

    monday: OpeningTimes = ()
    tuesday: OpeningTimes = ()
    wednesday: OpeningTimes = ()
    thursday: OpeningTimes = ()
    friday: OpeningTimes = ()
    saturday: OpeningTimes = ()
    sunday: OpeningTimes = ()

    def on(self, day: date) -> tuple[OpeningTime, ...]:
        week = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)
        return week[day.weekday()]

    def spans(self, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """From when to when it is open by the opening times of a day, in UTC; the end is the first instant that is not.

        A time that daylight saving skips is the instant at which it would have been, one that comes twice is the first.
        """
        midnight = datetime.combine(day, time())
        for opening in self.on(day):
            begin, end = (
                (midnight + timedelta(minutes=minute)).replace(tzinfo=zone).astimezone(UTC)
                for minute in (opening.begin_minute, opening.end_minute)
            )
            yield begin, end

    def is_open(self, at: datetime, zone: ZoneInfo) -> bool:
        """:param at: an instant (with a time zone); the night of the day before may last into its day."""
        today = at.astimezone(zone).date()
        return any(
            begin <= at < end for day in (today - timedelta(days=1), today) for begin, end in self.spans(day, zone)
        )


class Location(BusinessDays):
    """One store. `square_location_id` names it in Square; without one, Square's location of the same name is meant."""

    name: Name
    square_location_id: Name | None = None
    opening_hours: OpeningHours
    market: Name
    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    parent_company: Name
    currency: Currency
    recipients: Many[MailAddress] = ()

    @model_validator(mode="after")
    def _closes_within_its_business_day(self) -> "Location":
        latest = (24 + self.cutover_hour) * 60
        for weekday in OpeningHours.model_fields:
            for opening in getattr(self.opening_hours, weekday):
                if opening.end_minute > latest:
                    raise ValueError(f"{weekday} closes after the business day's end at {24 + self.cutover_hour}:00")
        return self

    def opened_at(self, at: datetime) -> datetime | None:
        """When the opening began that an instant lies in, in UTC; None while the location is closed.

        The minute of closing still counts as open: an order may be fetched then.
        """
        today = at.astimezone(self.zone).date()
        for day in (today, today - timedelta(days=1)):
            for begin_at, end_at in self.opening_hours.spans(day, self.zone):
                if begin_at <= at <= end_at:
                    return begin_at
        return None


class Locations(Model):
    """The whole of locations.yaml."""

    chain: Name
    operations_recipients: Many[MailAddress]
    report_recipients: Many[MailAddress]
    locations: Annotated[Many[Location], Field(min_length=1)]
