"""What people do on the page: ring, order, and have the partner send its files.

The browser says whether the page itself asks; other origins get 403.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.online_orders import desk
from sandbox.online_orders.order import OnlineOrder, OrderError, due
from sandbox.online_orders.order import Wish as OrderWish
from sandbox.page.rendering import money
from sandbox.partner.files import Quality
from sandbox.partner.sending import send
from sandbox.phone.telephone import Telephone, UnknownError
from sandbox.phone.telephone import Wish as CallWish
from sandbox.state import State

# So that a call of half a minute is over in a second or two.
SPEED = 20.0
SPACING_SECONDS = 0.4
# What the large buttons stand for.
PRESSED_CALLS = {
    "once": {"scenario": "nobody_answers", "times": "1"},
    "five": {"scenario": "nobody_answers", "times": "5"},
}
PRESSED_ORDER = {"amount": "600", "due_at": "tomorrow 11:30"}

ShowProblem = Callable[[str, str], Response]


class FilesWish(msgspec.Struct, frozen=True):
    """Which of the partner's days, and how well its files are made."""

    day: date
    quality: Quality = "as_usual"


def routes(state: State, telephone: Telephone, show_problem: ShowProblem) -> list[BaseRoute]:
    """:param show_problem: the page, with what is wrong beside the form of that name."""

    async def ring(form: FormData) -> Response:
        wish = dict(form) | PRESSED_CALLS.get(str(form.get("press")), {})
        try:
            call = msgspec.convert(
                {
                    "scenario": wish.get("scenario"),
                    "dialled_number": wish.get("number"),
                    "times": wish.get("times"),
                    "speed": SPEED,
                    "spacing_seconds": SPACING_SECONDS,
                },
                CallWish,
                strict=False,
            )
            telephone.place(call)
        except (msgspec.ValidationError, UnknownError) as error:
            return show_problem("telephone", str(error))
        return _back("telephone", rang=call.times)

    async def order(form: FormData) -> Response:
        wish = dict(form) | (PRESSED_ORDER if form.get("press") else {})
        wish.pop("press", None)
        try:
            placed = desk.place(state, msgspec.convert(wish, OrderWish))
        except (msgspec.ValidationError, OrderError) as error:
            return show_problem("order", str(error))
        return _back("order", placed=placed.order_id)

    async def send_files(form: FormData) -> Response:
        folder = state.settings.partner_folder
        if folder is None:
            return show_problem("partner", "nobody takes files: set SANDBOX_PARTNER_FOLDER")
        try:
            wish = msgspec.convert(dict(form), FilesWish)
        except msgspec.ValidationError as error:
            return show_problem("partner", str(error))
        return _back("partner", sent=[file.name for file in send(folder, wish.day, wish.quality)])

    def route(path: str, handler: Callable[[FormData], Awaitable[Response]]) -> Route:
        async def guarded(request: Request) -> Response:
            if not is_same_origin(request):
                return PlainTextResponse("only the sandbox's own page may ask this", 403)
            return await handler(await request.form())

        return Route(path, guarded, methods=["POST"])

    return [route("/ring", ring), route("/order", order), route("/send-files", send_files)]


def is_same_origin(request: Request) -> bool:
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Origin", "").partition("://")[2] == request.headers.get("Host")


def rang(times: str) -> str:
    """What is said after a call, empty if none was placed."""
    if not times.isdecimal():
        return ""
    return "One call is on its way." if times == "1" else f"{times} calls are on their way."


def ordered(order: OnlineOrder) -> str:
    total = money(order.amount_cents, order.currency)
    return f"Ordered at {order.location} for {total}, due {order.due_at:%A, %B %-d, %H:%M %Z}."


def sent(names: list[str]) -> str:
    """What is said after files were sent, empty if none were."""
    return f"Sent {' and '.join(names)}." if names else ""


def tomorrow(state: State) -> str:
    """The due time that the form begins with, by the first location's clock."""
    zones = [location["timezone"] for location in desk.locations(state)]
    at = due(PRESSED_ORDER["due_at"], ZoneInfo(zones[0] if zones else "UTC"), datetime.now(UTC))
    return f"{at:%Y-%m-%dT%H:%M}"


def _back(anchor: str, **said: Any) -> Response:
    """Another page load, so that reloading it does not ask again."""
    return RedirectResponse(f"/?{urlencode(said, doseq=True)}#{anchor}", status_code=303)
