"""Spreadsheets as files in Google Drive: finding or making one, in a folder too, and sharing it."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from googleapiclient.errors import HttpError

from include.google.client import Google
from include.google.patience import is_about, patiently

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
PROPERTY = "storekeeper"
FIELDS = "id,webViewLink,appProperties"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SpreadsheetFile:
    """:param is_ours: made by Storekeeper, not by a person who then shared it with the service account."""

    id: str
    url: str
    is_ours: bool


def find_or_create(google: Google, name: str) -> SpreadsheetFile:
    """The spreadsheet that was made under this name, also if somebody renamed it since; else one that bears the name
    (a person may have made it and shared it with the service account); else a new one.

    Every attempt looks before it creates, so that a lost reply to the creation makes no second spreadsheet. Where two
    processes create at the same moment, both go on with the older one.
    """
    return patiently(
        lambda: _find(google, name) or _file(_make(google, name, name, SPREADSHEET, google.folder_id), name)
    )


def find_or_create_in(google: Google, folder: str, key: str, name: str) -> SpreadsheetFile:
    """The spreadsheet that was made under this key, wherever it is and whatever it is called now; else a new one in the
    folder of this name, which is made if it is missing.

    One look for both, so that a report takes one call where it is written again. A lost reply makes nothing twice.

    :param key: tells the spreadsheet from others of the same name.
    """
    return patiently(lambda: _find_or_create_in(google, folder, key, name))


def share(google: Google, file_id: str, addresses: Sequence[str]) -> None:
    """Lets these people read the file, without a mail to them. Whoever has access keeps the role they have.

    An address without a Google account cannot be added in silence: it is counted in the log and the others go on.
    """
    if not addresses:
        return
    permissions = google.drive.permissions()
    request = permissions.list(fileId=file_id, fields="permissions(emailAddress)", pageSize=100, supportsAllDrives=True)
    present = {one.get("emailAddress", "").casefold() for one in patiently(request.execute)["permissions"]}
    refused = 0
    for address in dict.fromkeys(address.casefold() for address in addresses):
        if address in present:
            continue
        request = permissions.create(
            fileId=file_id,
            body={"type": "user", "role": "reader", "emailAddress": address},
            sendNotificationEmail=False,
            supportsAllDrives=True,
            fields="id",
        )
        try:
            patiently(request.execute)
        except HttpError as error:
            if not is_about(error, "invalidSharingRequest"):
                raise
            refused += 1
    if refused:
        log.warning(
            "%d of %d recipients have no Google account: the sheet is not shared with them", refused, len(addresses)
        )


def _find(google: Google, name: str) -> SpreadsheetFile | None:
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    request = google.drive.files().list(
        q=f"mimeType = '{SPREADSHEET}' and trashed = false and ({_has(name)} or name = '{quoted}')",
        orderBy="createdTime",
        fields=f"files({FIELDS})",
        pageSize=100,
        supportsAllDrives=True,
        includeItemsFromAllDrives=True,
    )
    files = [_file(found, name) for found in request.execute()["files"]]
    return next((file for file in files if file.is_ours), files[0] if files else None)


def _find_or_create_in(google: Google, folder: str, key: str, name: str) -> SpreadsheetFile:
    request = google.drive.files().list(
        q=f"trashed = false and ({_has(key)} or ({_has(folder)} and mimeType = '{FOLDER}'))",
        orderBy="createdTime",
        fields=f"files({FIELDS},mimeType)",
        pageSize=100,
        supportsAllDrives=True,
        includeItemsFromAllDrives=True,
    )
    found = request.execute()["files"]
    if files := [file for file in found if file["mimeType"] == SPREADSHEET]:
        return _file(files[0], key)
    folders = [file["id"] for file in found if file["mimeType"] == FOLDER]
    folder_id = folders[0] if folders else _make(google, folder, folder, FOLDER, google.folder_id)["id"]
    return _file(_make(google, name, key, SPREADSHEET, folder_id), key)


def _has(key: str) -> str:
    return f"appProperties has {{ key='{PROPERTY}' and value='{_key(key)}' }}"


def _make(google: Google, name: str, key: str, mime_type: str, folder_id: str) -> dict[str, Any]:
    body: dict[str, Any] = {"name": name, "mimeType": mime_type, "appProperties": {PROPERTY: _key(key)}}
    if folder_id:
        body["parents"] = [folder_id]
    made = google.drive.files().create(body=body, fields=FIELDS, supportsAllDrives=True).execute()
    return dict(made)


def _file(found: dict[str, Any], key: str) -> SpreadsheetFile:
    is_ours = found.get("appProperties", {}).get(PROPERTY) == _key(key)
    return SpreadsheetFile(found["id"], found["webViewLink"], is_ours)


def _key(key: str) -> str:
    """An appProperty takes 124 bytes, a name may be longer."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
