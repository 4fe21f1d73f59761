"""A browser that fails the test on any error in its console, on a refused policy, and on what screen readers miss."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, sync_playwright

from tests.include.web.conftest import Web

CHROMIUM = "/usr/bin/chromium"
DESK: ViewportSize = {"width": 1280, "height": 900}
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
Open = Callable[..., Page]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Not for the whole session: while Playwright lives, its event loop runs in this thread, and no other can."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_as(web: Web, chromium: Browser) -> Iterator[Open]:
    """`open_as("op", "/reports")`: a page, in a browser logged in as the user."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_page(login: str, path: str, *, dark: bool = False, narrow: bool = False, scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport=TELEPHONE if narrow else DESK,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_cookies([{"name": "_token", "value": web.token(login), "url": web.url}])
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda message: troubles.append(message.text) if _is_trouble(message) else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(f"{web.pages}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def _is_trouble(message: ConsoleMessage) -> bool:
    """Errors and warnings; not that a page which was asked for has an error's status."""
    if message.text.startswith("Failed to load resource") and "/static/" not in message.location["url"]:
        return False
    # Chromium's word on how Airflow frames us.
    if message.text.startswith("An iframe which has both allow-scripts and allow-same-origin"):
        return False
    return message.type in {"error", "warning"}
