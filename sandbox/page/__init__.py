"""The sandbox's page: what has reached the outside world, and a telephone, an order form and a partner to reach
back.

For people at `/`, for tests as JSON under `/sandbox`.
"""

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.online_orders import desk, order
from sandbox.page import calls, forms, mails, orders, sheets, stock
from sandbox.page.rendering import TEMPLATES, page
from sandbox.partner import files
from sandbox.partner.sending import yesterday
from sandbox.phone.directory import DEPARTMENTS
from sandbox.phone.scenarios import SCENARIOS
from sandbox.phone.telephone import Telephone
from sandbox.state import State

NEWEST_MAILS = 50
NEWEST_ORDERS = 40
NEWEST_CALLS = 5
NEWEST_ONLINE_ORDERS = 5


def routes(state: State, telephone: Telephone) -> list[BaseRoute]:
    """Needs no token, on a port that only this machine reaches: it reads, and its forms check where they come from."""

    def shown(said: dict[str, str], problem: dict[str, str]) -> Response:
        """:param said: what the forms have done, by form. :param problem: what is wrong with them."""
        silent = {"telephone": "", "order": "", "partner": ""}
        return page(
            "home.html",
            400 if problem else 200,
            mails=mails.newest(state, NEWEST_MAILS),
            mail_count=mails.count(state),
            orders=orders.newest(state, NEWEST_ORDERS),
            spreadsheets=sheets.spreadsheets(state),
            departments=DEPARTMENTS if state.settings.has_phone else [],
            scenarios=SCENARIOS,
            calls=calls.newest(state, telephone, NEWEST_CALLS),
            locations=[location["name"] for location in desk.locations(state)],
            providers=desk.providers(state),
            online_orders=order.newest(state.db, NEWEST_ONLINE_ORDERS),
            due_at=forms.tomorrow(state),
            has_partner=state.settings.partner_folder is not None,
            partner_day=yesterday(),
            partner_files=[files.filename(kind, yesterday()) for kind in files.SUFFIXES],
            said=silent | said,
            problem=silent | problem,
            version=version(state),
        )

    async def home(request: Request) -> Response:
        placed = order.find(state.db, request.query_params.get("placed", ""))
        rang = forms.rang(request.query_params.get("rang", ""))
        sent = forms.sent(request.query_params.getlist("sent"))
        return shown({"telephone": rang, "order": forms.ordered(placed) if placed else "", "partner": sent}, {})

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

    async def partner_file(request: Request) -> Response:
        name = request.path_params["name"]
        found = files.of_filename(name)
        if found is None:
            return missing("file")
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(files.content(*found), media_type="application/octet-stream", headers=headers)

    async def counted(_: Request) -> Response:
        return page("stock.html", table=stock.table(state), version=version(state))

    async def as_version(_: Request) -> Response:
        return JSONResponse(version(state))

    async def mails_json(_: Request) -> Response:
        return JSONResponse([mail.as_json() for mail in mails.newest(state)])

    async def mail_raw(request: Request) -> Response:
        found = mails.find(state, request.path_params["mail_id"])
        return Response(found.raw, media_type="message/rfc822") if found else missing("mail")

    async def sheets_json(_: Request) -> Response:
        return JSONResponse([sheets.as_json(state, file) for file in sheets.spreadsheets(state)])

    async def stock_json(_: Request) -> Response:
        return JSONResponse(stock.as_json(state))

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
        ("/stock", counted),
        ("/partner-files/{name}", partner_file),
        ("/sandbox/version", as_version),
        ("/sandbox/mails", mails_json),
        ("/sandbox/mails/{mail_id:int}/raw", mail_raw),
        ("/sandbox/sheets", sheets_json),
        ("/sandbox/stock", stock_json),
    ]
    return [
        *(Route(path, handler, methods=["GET"]) for path, handler in table),
        *forms.routes(state, telephone, lambda form, problem: shown({}, {form: problem})),
    ]


def version(state: State) -> str:
    """Changes when anything on the page changes."""
    (text,) = state.db.execute(
        """
        SELECT (SELECT count(*) || '/' || coalesce(max(mail_id), 0) FROM smtp_mail)
            || '/' || (SELECT count(*) || '/' || coalesce(max(modified_at), '') FROM google_file)
            || '/' || (SELECT coalesce(max(updated_at), '') FROM square_order)
            || '/' || (SELECT count(*) FROM square_location)
            || '/' || (SELECT coalesce(max(call_id), 0) FROM phone_call)
            || '/' || (SELECT coalesce(sum(1 + change_count), 0) FROM online_order)
        """
    ).fetchone()
    return f"{text}/{stock.last_change(state)}"


def missing(what: str) -> Response:
    return page("missing.html", status_code=404, what=what)
