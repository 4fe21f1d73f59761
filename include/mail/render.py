"""Mails from templates: HTML and plain text out of one context.

A mail named ``x`` is two files in ``templates/``: ``x.html`` (extends ``base.html``) and ``x.txt``. A name that a
template uses and the context lacks is an error.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
LOCALE = "en_US"


@dataclass(frozen=True)
class Rendered:
    html: str
    text: str


def render(template_name: str, **context: object) -> Rendered:
    """:param template_name: without suffix, such as ``failure``."""
    return Rendered(
        html=environment().get_template(f"{template_name}.html").render(context),
        text=environment().get_template(f"{template_name}.txt").render(context).strip() + "\n",
    )


def compile_templates() -> None:
    """Compiles every template ahead: a process that forks spares its children 0.15 s each."""
    for name in environment().list_templates():
        environment().get_template(name)


def money(cents: int, currency: str, locale: str = LOCALE) -> str:
    """
    :param cents: minor units of ``currency``: hundredths of a dollar, whole yen.
    """
    return format_currency(Decimal(cents).scaleb(-get_currency_precision(currency)), currency, locale=locale)


def number(value: int | Decimal, locale: str = LOCALE) -> str:
    return format_decimal(value, locale=locale)


def percent(ratio: Decimal, locale: str = LOCALE) -> str:
    """:param ratio: 0.125 reads 12.5%."""
    return format_percent(ratio, format="#,##0.#%", locale=locale)


def day(value: date, locale: str = LOCALE) -> str:
    return format_date(value, format="EEE, MMM d, y", locale=locale)


def time_at(value: datetime, timezone: str, locale: str = LOCALE) -> str:
    """The instant as a clock in ``timezone`` (an IANA name) shows it, with the zone's name beside it."""
    return format_datetime(value, format="EEE, MMM d, y, HH:mm z", tzinfo=ZoneInfo(timezone), locale=locale)


def markdown(text: str) -> Markup:
    """Markdown as HTML. HTML in it is shown as text, and what is unsafe to link to is no link."""
    return Markup(MarkdownIt("js-default").render(text))  # noqa: S704 (escapes by itself)


@cache
def environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "money": money,
        "number": number,
        "percent": percent,
        "day": day,
        "time_at": time_at,
        "markdown": markdown,
    }
    return environment
