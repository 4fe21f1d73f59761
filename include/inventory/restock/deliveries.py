"""When a supplier takes orders, and when it delivers them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from include.config.suppliers import Supplier

# A supplier that neither takes orders nor delivers for so long is none.
FURTHEST_DAYS = 400


@dataclass(frozen=True)
class Delivery:
    """What is ordered until the one, comes on the other."""

    order_by_at: datetime
    date: date


def deliveries(supplier: Supplier, zone: ZoneInfo, at: datetime) -> Iterator[Delivery]:
    """The supplier's next deliveries, the soonest that can still be ordered at an instant first.

    :param zone: of the location: order days and the cut-off are by its clock.
    """
    first = at.astimezone(zone).date()
    for day in (first + timedelta(days=each) for each in range(FURTHEST_DAYS)):
        # An order in the minute of the cut-off is in time.
        order_by_at = datetime.combine(day, supplier.cutoff, zone)
        if supplier.takes_orders_on(day) and order_by_at >= at:
            yield Delivery(order_by_at, _open_day(supplier, day + timedelta(days=supplier.lead_time_days)))


def next_two(supplier: Supplier, zone: ZoneInfo, at: datetime) -> tuple[Delivery, Delivery]:
    """The delivery that can be ordered now, and the one after it, that stock has to last until if this one is let pass.

    :raises ValueError: when the supplier takes no orders in sight.
    """
    found: list[Delivery] = []
    for each in deliveries(supplier, zone, at):
        # Orders of two days may come together, after a holiday.
        if not found or each.date > found[0].date:
            found.append(each)
        if len(found) == 2:
            return found[0], found[1]
    raise ValueError(f"{supplier.name} takes no two orders within {FURTHEST_DAYS} days: see suppliers.yaml")


def _open_day(supplier: Supplier, day: date) -> date:
    while day in supplier.closed_dates:
        day += timedelta(days=1)
    return day
