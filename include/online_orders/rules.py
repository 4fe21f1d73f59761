"""Whether an order is large, in words, and who has to hear of it. Knows no database and no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from include.config import Location
from include.config.large_orders import Rule, Terms
from include.mail.render import percent
from include.online_orders.order import OnlineOrder
from include.online_orders.words import lasting, round_money

MINUTE = timedelta(minutes=1)
# (location's name, ISO weekday) → what it usually sells on such a business day.
UsualCents = Mapping[tuple[str, int], int]


class CurrencyError(ValueError):
    """An order in another currency than its location's: no amount of the configuration says anything about it."""


@dataclass(frozen=True)
class Assessment:
    """:param reason: why the order is large, as in "over $500 and due 30 min after opening"; empty when it is not.
    :param recipients: who hears of an order of its amount.
    """

    reason: str
    recipients: tuple[str, ...]

    @property
    def is_large(self) -> bool:
        return bool(self.reason)


@dataclass(frozen=True)
class _Facts:
    """What the rules ask about an order."""

    total_cents: int
    lead: timedelta
    is_asap: bool
    after_opening: timedelta | None
    usual_cents: int | None

    def fits(self, rule: Rule) -> bool:
        return (
            (rule.over_amount is None or self.total_cents > rule.over_amount)
            and (rule.lead_minutes is None or self.lead <= rule.lead_minutes * MINUTE)
            and (rule.after_opening_minutes is None or self.is_due_within(rule.after_opening_minutes))
            and (not rule.outside_opening_hours or self.after_opening is None)
            and (rule.over_share_of_day is None or self.is_over_share(rule.over_share_of_day))
        )

    def is_due_within(self, minutes: int) -> bool:
        return self.after_opening is not None and self.after_opening <= minutes * MINUTE

    def is_over_share(self, share: str) -> bool:
        return self.usual_cents is not None and self.total_cents * 100 > Decimal(share) * self.usual_cents


def assess(order: OnlineOrder, location: Location, terms: Terms, usual_cents: UsualCents) -> Assessment:
    """
    :raises CurrencyError: the order is not in the location's currency.
    """
    if order.currency != location.currency:
        raise CurrencyError(
            f"order {order.order_id} is in {order.currency}, but {location.name} sells in {location.currency}: correct "
            "locations.yaml, or the provider's mapping"
        )
    opened_at = location.opened_at(order.wanted_at)
    facts = _Facts(
        total_cents=order.total_cents,
        lead=order.wanted_at - order.placed_at,
        is_asap=order.due_at is None,
        after_opening=order.wanted_at - opened_at if opened_at else None,
        usual_cents=usual_cents.get((location.name, location.business_date(order.wanted_at).isoweekday())),
    )
    fitting = [rule for rule in terms.rules if facts.fits(rule)]
    return Assessment(_reason(fitting, facts, order, location), recipients(terms, order.total_cents))


def recipients(terms: Terms, total_cents: int) -> tuple[str, ...]:
    """Those of every large order, then those of the tiers that the amount reaches, each once."""
    tiers = sorted(terms.tiers, key=lambda tier: tier.from_amount)
    reached = [address for tier in tiers if total_cents >= tier.from_amount for address in tier.recipients]
    return tuple(dict.fromkeys([*(terms.recipients or ()), *reached]))


def _reason(fitting: Iterable[Rule], facts: _Facts, order: OnlineOrder, location: Location) -> str:
    """Each condition of the rules that fit, once; of several amounts the highest."""
    rules = list(fitting)
    words = []
    amounts = [rule.over_amount for rule in rules if rule.over_amount is not None]
    if amounts:
        words.append(f"over {round_money(max(amounts), order.currency)}")
    if any(rule.lead_minutes is not None for rule in rules):
        if facts.is_asap:
            words.append("wanted as soon as possible")
        else:
            words.append(f"due {lasting(facts.lead)} after it was placed")
    if any(rule.after_opening_minutes is not None for rule in rules) and facts.after_opening is not None:
        words.append(f"due {lasting(facts.after_opening)} after opening" if facts.after_opening else "due at opening")
    if any(rule.outside_opening_hours for rule in rules):
        words.append("due outside opening hours")
    said = _joined(words)
    if any(rule.over_share_of_day is not None for rule in rules) and facts.usual_cents:
        weekday = f"{location.business_date(order.wanted_at):%A}"
        share = percent(round(Decimal(order.total_cents) / facts.usual_cents, 2))
        said += f"{'; ' if said else ''}{share} of what {location.name} usually sells on a {weekday}"
    return said


def _joined(words: list[str]) -> str:
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last
