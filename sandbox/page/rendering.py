"""Jinja pages with everything escaped, and nothing loaded from elsewhere."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel.numbers import format_currency, get_currency_precision
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

TEMPLATES = Path(__file__).parents[1] / "templates"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def page(template: str, status_code: int = 200, **context: object) -> Response:
    html = environment().get_template(template).render(context)
    headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(html, status_code, headers)


def clock(at: datetime) -> str:
    """`14:05` today, `Nov 20, 14:05` before, in the time's own zone."""
    is_today = at.date() == datetime.now(at.tzinfo or UTC).date()
    return at.strftime("%H:%M" if is_today else "%b %-d, %H:%M")


def money(cents: int, currency: str) -> str:
    return format_currency(Decimal(cents).scaleb(-get_currency_precision(currency)), currency, locale="en_US")


def quantity(number: Decimal | None) -> str:
    """``1,204.5``; a dash where there is none."""
    return "-" if number is None else f"{number.normalize():,f}"


def file_size(count: int) -> str:
    return f"{count} bytes" if count < 1000 else f"{count / 1000:.1f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"


@cache
def environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"clock": clock, "file_size": file_size, "money": money, "quantity": quantity}
    return environment
