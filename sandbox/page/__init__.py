"""The sandbox's page: what has reached the outside world, for people at `/` and for tests as JSON under `/sandbox`."""

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.page import mails, orders, sheets
from sandbox.page.rendering import TEMPLATES, page
from sandbox.state import State

NEWEST_MAILS = 50
NEWEST_ORDERS = 40


def routes(state: State) -> list[BaseRoute]:
    """Reads only; so it needs no token, on a port that only this machine reaches."""

    async def home(_: Request) -> Response:
        newest = mails.newest(state, NEWEST_MAILS)
        files = sheets.spreadsheets(state)
        return page(
            "home.html",
            mails=newest,
            mail_count=mails.count(state),
            orders=orders.newest(state, NEWEST_ORDERS),
            spreadsheets=files,
            version=version(state),
        )

    async def mail(request: Request) -> Response:
        found = mails.find(state, request.path_params["mail_id"])
        return page("mail.html", mail=found) if found else missing("mail")

    async def mail_html(request: Request) -> Response:
        found = mails.find(state, request.path_params["mail_id"])
        return mails.html_response(found) if found else missing("mail")

    async def attachment(request: Request) -> Response:
        found = mails.find(state, request.path_params["mail_id"])
        number = request.path_params["number"]
        if not found or not 1 <= number <= len(found.attachments):
            return missing("attachment")
        return mails.download(found.attachments[number - 1])

    async def sheet(request: Request) -> Response:
        file = sheets.find(state, request.path_params["file_id"])
        if not file:
            return missing("spreadsheet")
        table = sheets.table(state, file, request.query_params.get("gid"))
        return page("sheet.html", spreadsheet=file, table=table) if table else missing("tab")

    async def as_version(_: Request) -> Response:
        return JSONResponse(version(state))

    async def mails_json(_: Request) -> Response:
        return JSONResponse([mail.as_json() for mail in mails.newest(state)])

    async def mail_raw(request: Request) -> Response:
        found = mails.find(state, request.path_params["mail_id"])
        return Response(found.raw, media_type="message/rfc822") if found else missing("mail")

    async def sheets_json(_: Request) -> Response:
        return JSONResponse([sheets.as_json(state, file) for file in sheets.spreadsheets(state)])

    async def asset(request: Request) -> Response:
        return FileResponse(TEMPLATES / request.url.path.rpartition("/")[2])

    table = [
        ("/", home),
        ("/page.css", asset),
        ("/page.js", asset),
        ("/mails/{mail_id:int}", mail),
        ("/mails/{mail_id:int}/html", mail_html),
        ("/mails/{mail_id:int}/attachments/{number:int}", attachment),
        ("/sheets/{file_id}", sheet),
        ("/sandbox/version", as_version),
        ("/sandbox/mails", mails_json),
        ("/sandbox/mails/{mail_id:int}/raw", mail_raw),
        ("/sandbox/sheets", sheets_json),
    ]
    return [Route(path, handler, methods=["GET"]) for path, handler in table]


def version(state: State) -> str:
    """Changes when anything on the page changes."""
    (text,) = state.db.execute(
        """
        SELECT (SELECT count(*) || '/' || coalesce(max(mail_id), 0) FROM smtp_mail)
            || '/' || (SELECT count(*) || '/' || coalesce(max(modified_at), '') FROM google_file)
            || '/' || (SELECT coalesce(max(updated_at), '') FROM square_order)
        """
    ).fetchone()
    return str(text)


def missing(what: str) -> Response:
    return page("missing.html", status_code=404, what=what)
