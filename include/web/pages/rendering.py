"""Jinja pages with everything escaped, and what every one of them needs."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from include.web.pages import static_files, times
from include.web.pages.sparkline import sparkline

TEMPLATES = Path(__file__).parent / "templates"
# Name, label and path of each entry of the bar, and the right (of include.web.security.User) that it takes.
PLACES = (
    ("reports", "Reports", "/reports", "may_read"),
    ("requests", "Ask for a report", "/requests", "may_read"),
    ("runs", "Runs", "/runs", "may_read"),
    ("standing_orders", "Standing orders", "/standing-orders", "may_read"),
    ("partner", "Partner files", "/partner", "may_see_partner"),
    ("messages", "Mails", "/messages", "may_read"),
)


def page(request: Request, template: str, status_code: int = 200, **context: Any) -> HTMLResponse:
    """A whole page, or a part of one that htmx puts into it.

    :param context: `place` names the entry of the bar, `user` decides what is offered, `told` is said at the top.
    """
    prefix = str(request.scope.get("root_path", ""))
    static_prefix = f"{prefix}/static/{static_files.version()}"

    def url(path: str, **query: object) -> str:
        given = {name: value for name, value in query.items() if value not in (None, "")}
        return f"{prefix}{path}" + (f"?{urlencode(given, doseq=True)}" if given else "")

    html = (
        environment()
        .get_template(template)
        .render(
            {"place": None, "user": None, "told": None}
            | context
            | {
                "url": url,
                "static": lambda name: f"{static_prefix}/{name}",
                "import_map": Markup(static_files.import_map(static_prefix)),  # noqa: S704 (ours, and it holds no "<")
                "nonce": request.state.nonce,
                "places": PLACES,
                # The api-server's own root: we are mounted below it.
                "airflow_url": f"{prefix.removesuffix('/storekeeper')}/",
            }
        )
    )
    return HTMLResponse(html, status_code)


def wants_part(request: Request) -> bool:
    """Whether htmx asks, for a part of a page."""
    return "hx-request" in request.headers


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
        "clock": times.clock,
        "counted": times.counted,
        "distance": times.distance,
        "duration": times.duration,
        "file_size": times.file_size,
        "moment": times.moment,
        "next_try": times.next_try,
        "sparkline": sparkline,
        "zone": times.zone_words,
    }
    return environment
