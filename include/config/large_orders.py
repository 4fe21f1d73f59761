"""large_orders.yaml: which online orders are worth a mail at once, and to whom."""

from typing import Annotated

from pydantic import Field, model_validator

from include.config.locations import Location
from include.config.model import Cents, MailAddress, Many, Model, Name, Percentage

Minutes = Annotated[int, Field(ge=0, le=60 * 24 * 31)]


class Rule(Model):
    """A rule fits an order when everything that it states is true of it. Amounts are in the location's currency."""

    over_amount: Cents | None = None
    # A share of what the location usually sells on the weekday of the due time, all in.
    over_share_of_day: Percentage | None = None
    # From the placing to the due time, at most.
    lead_minutes: Minutes | None = None
    # From an opening of the location to the due time, at most.
    after_opening_minutes: Minutes | None = None
    outside_opening_hours: bool = False

    @model_validator(mode="after")
    def _states_something(self) -> "Rule":
        if self == Rule.model_construct():
            raise ValueError("states nothing, and would fit every order")
        if self.outside_opening_hours and self.after_opening_minutes is not None:
            raise ValueError("no due time is both outside opening hours and shortly after opening")
        return self


class Tier(Model):
    """Who hears of orders from an amount on, besides those who hear of every large order."""

    from_amount: Cents
    recipients: Annotated[Many[MailAddress], Field(min_length=1)]


class Terms(Model):
    """What holds for a location: its rules, who hears of an order that fits one, and what change of it matters."""

    rules: Many[Rule] = ()
    # The location's own recipients unless set.
    recipients: Many[MailAddress] | None = None
    tiers: Many[Tier] = ()
    change_share: Percentage = "10"
    change_minutes: Minutes = 30


class LocationTerms(Terms):
    """What differs from the defaults at one location. `known_as`: what order providers call it, besides its name."""

    location: Name
    known_as: Many[Name] = ()


class SquareOrders(Model):
    """Which of Square's orders are online orders, besides those with a fulfillment (pickup, delivery, shipment)."""

    sources: Many[Name] = ()
    every_order: bool = False


class LargeOrders(Model):
    """The whole of large_orders.yaml."""

    defaults: Terms = Terms()
    locations: Many[LocationTerms] = ()
    square: SquareOrders = SquareOrders()

    def terms(self, location: Location) -> Terms:
        """The defaults, with what the location sets instead; without recipients anywhere, the location's own."""
        terms = self.defaults
        for own in self.locations:
            if own.location == location.name:
                fields = own.model_fields_set & Terms.model_fields.keys()
                terms = terms.model_copy(update={name: getattr(own, name) for name in fields})
        if terms.recipients is None:
            terms = terms.model_copy(update={"recipients": location.recipients})
        return terms
