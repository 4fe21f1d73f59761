"""The headlines of an edition as people read them, in its mails and on its page."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from include.customers.editions import edition
from include.customers.kpis import Headline, Kind
from include.mail.render import day, money, number, percent


def shown(headlines: Iterable[Headline], currency: str) -> list[edition.Headline]:
    """:param currency: of the amounts, ISO 4217."""
    return [{"label": each.label, "value": _text(each, currency)} for each in headlines]


def _text(headline: Headline, currency: str) -> str:
    match headline.kind, headline.value:
        case _, None:
            return "-"
        case Kind.MONEY, int(cents):
            return money(cents, currency)
        case Kind.RATIO, Decimal() as ratio:
            return percent(ratio)
        case Kind.COUNT | Kind.NUMBER, int() | Decimal() as value:
            return number(value)
        case Kind.DATE, date() as value:
            return day(value)
        case _, value:
            return str(value)
