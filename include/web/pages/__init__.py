"""The pages: server-rendered, with htmx for what changes in place (docs/pages.md)."""

from fastapi import FastAPI

from include.web.pages import static_files


def add_pages(app: FastAPI) -> None:
    app.include_router(static_files.router)
