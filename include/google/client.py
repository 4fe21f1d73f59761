"""Google's Sheets and Drive, reached with the service account that an Airflow connection holds."""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httplib2
from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowNotFoundException
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build
from gspread.http_client import HTTPClient
from requests import Response

CONN_ID = "google_default"
SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive")
API_ROOTS = ("https://sheets.googleapis.com", "https://www.googleapis.com")
TIMEOUT_SECONDS = 60

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Google:
    """Both APIs; a ``with`` block ends its connections.

    :param sheets: gspread's HTTP client: Sheets v4.
    :param drive: the Drive v3 resource of google-api-python-client.
    :param folder_id: the Drive folder for new spreadsheets; empty for the service account's own drive.
    """

    sheets: HTTPClient
    drive: Any
    session: AuthorizedSession
    folder_id: str = ""

    def __enter__(self) -> "Google":
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()  # type: ignore[no-untyped-call]


def google_client(conn_id: str = CONN_ID) -> Google:
    """Reads the connection's extra:

    ``keyfile_dict``: a service account's key file, as JSON text or object. ``api_root``: unset for Google, else the
    base URL that serves both APIs. ``folder_id``: a folder that the service account may write, needed where it has no
    storage of its own.
    """
    extra = BaseHook.get_connection(conn_id).extra_dejson
    try:
        keyfile = extra["keyfile_dict"]
        info = json.loads(keyfile) if isinstance(keyfile, str) else keyfile
        credentials = Credentials.from_service_account_info(info, scopes=SCOPES)  # type: ignore[no-untyped-call]
    except (KeyError, ValueError) as error:
        # The error's text may quote the key file: it stays out of the message.
        raise ValueError(
            f"Connection {conn_id} has no usable service account: set keyfile_dict in its extra to the JSON of the key "
            f"file that the Google Cloud console gave ({type(error).__name__})."
        ) from None
    api_root = extra.get("api_root", "").rstrip("/")
    if api_root:
        # "No restriction", said before google-auth asks Google in the background where this account may be used.
        forever = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=365)
        credentials._set_regional_access_boundary({"encodedLocations": "0x0", "expiry": forever})
    session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    return Google(_sheets(session, api_root), _drive(session, api_root), session, extra.get("folder_id", ""))


def google_if_configured(conn_id: str = CONN_ID) -> Google | None:
    """The client, or None where the connection does not exist: a chain may do without sheets."""
    try:
        return google_client(conn_id)
    except AirflowNotFoundException:
        log.warning("No sheet: there is no connection %s (README says how to make one)", conn_id)
        return None


def _sheets(session: AuthorizedSession, api_root: str) -> HTTPClient:
    client = _HTTPClient(session.credentials, session=session)
    client.api_root = api_root
    client.set_timeout(TIMEOUT_SECONDS)
    return client


def _drive(session: AuthorizedSession, api_root: str) -> Any:
    options = {"api_endpoint": f"{api_root}/drive/v3/"} if api_root else {}
    transport = _DriveTransport(session)
    return build("drive", "v3", http=transport, client_options=options, static_discovery=True, cache_discovery=False)


class _HTTPClient(HTTPClient):
    """gspread's addresses are constants: with an ``api_root`` they are rewritten to it."""

    api_root = ""

    def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> Response:
        if self.api_root:
            google_root = next(root for root in API_ROOTS if endpoint.startswith(root))
            endpoint = self.api_root + endpoint.removeprefix(google_root)
        return super().request(method, endpoint, *args, **options)


class _DriveTransport:
    """google-api-python-client's transport, on the session that serves gspread too: one token, one set of connections.

    Its own transport, httplib2, sends a request a second time when the connection drops before the answer, also one
    that creates a file. Here every request leaves once, and include.google.patience decides what is repeated.
    """

    def __init__(self, session: AuthorizedSession) -> None:
        self.session = session

    def request(
        self, uri: str, method: str = "GET", body: str | None = None, headers: dict[str, str] | None = None, **_: object
    ) -> tuple[httplib2.Response, bytes]:
        answer: Response = self.session.request(  # type: ignore[no-untyped-call]
            method, uri, data=body, headers=headers, timeout=TIMEOUT_SECONDS
        )
        fields = {name.lower(): value for name, value in answer.headers.items()}
        return httplib2.Response(fields | {"status": str(answer.status_code)}), answer.content
