"""When a business day is over everywhere: the hour at which the daily report can run."""

from datetime import date

from include.config import Chain, Location

# Any day will do: zones keep their order. A change of daylight saving moves one against another by an hour at most.
_SOME_DAY = date(2026, 1, 15)


def last_location(chain: Chain) -> Location:
    """The location whose business day ends last: the westernmost, or the one with the latest cut-over."""
    return max(chain.locations, key=lambda location: location.business_day(_SOME_DAY)[1])


def daily_schedule(chain: Chain) -> tuple[str, str]:
    """Cron expression and time zone of a run for each business day, an hour after it has ended at the last location.

    The hour lets square_sync, which comes every 15 minutes, fetch the day's end, and outweighs a daylight saving that
    other zones do not share. In that time zone the data interval of a day's run begins on the day itself.
    """
    location = last_location(chain)
    return f"0 {location.cutover_hour + 1} * * *", location.timezone
