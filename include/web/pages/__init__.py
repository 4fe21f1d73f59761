"""The pages: server-rendered, with htmx for what changes in place (docs/pages.md)."""

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse

from include.web.api.errors import install_handlers
from include.web.pages import (
    editor,
    messages,
    partner,
    partner_editions,
    reports,
    requests,
    runs,
    sql_trial,
    standing_orders,
    static_files,
)
from include.web.pages.errors import error_page
from include.web.security import current_user

PARTS = (
    static_files,
    reports,
    editor,
    sql_trial,
    runs,
    requests,
    standing_orders,
    partner_editions,
    partner,
    messages,
)


def add_pages(app: FastAPI) -> None:
    install_handlers(app, error_page)
    for part in PARTS:
        app.include_router(part.router)

    @app.get("/")
    def start(request: Request) -> RedirectResponse:
        user = current_user(request)
        place = "partner" if user.may_see_partner and not user.may_read else "reports"
        return RedirectResponse(f"{request.scope.get('root_path', '')}/{place}", 303)
