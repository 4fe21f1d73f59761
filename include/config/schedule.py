"""When a business day is over everywhere: the hour at which daily work on it can run, and which day that then is."""

from datetime import date, datetime, timedelta

from include.config.chain import Chain
from include.config.locations import Location

# Any day will do: zones keep their order. A change of daylight saving moves one against another by an hour at most.
_SOME_DAY = date(2026, 1, 15)


def last_location(chain: Chain) -> Location:
    """The location whose business day ends last: the westernmost, or the one with the latest cut-over."""
    return max(chain.locations, key=lambda location: location.business_day(_SOME_DAY)[1])


def last_ended(chain: Chain, at: datetime) -> date:
    """The newest business day that had ended at every location."""
    return last_location(chain).business_date(at) - timedelta(days=1)


def daily_schedule(chain: Chain) -> tuple[str, str]:
    """Cron expression and time zone of a run for each business day, an hour after it has ended at the last location.

    The hour lets come in what comes late (square_sync runs every 15 minutes), and outweighs a daylight saving that
    other zones do not share. In that time zone the data interval of a day's run begins on the day itself.
    """
    location = last_location(chain)
    return f"0 {location.cutover_hour + 1} * * *", location.timezone
