"""Drive v3: files and who may see them. An account sees the files that it made or that were shared with it."""

import hashlib
import json
import secrets
import sqlite3
from datetime import UTC, datetime
from typing import Any

from starlette.routing import BaseRoute, Route

from sandbox.google import query
from sandbox.google.calls import Call, endpoint
from sandbox.google.errors import GoogleError
from sandbox.state import State

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
TABLES = """
    CREATE TABLE IF NOT EXISTS google_file (
        file_id        TEXT PRIMARY KEY,
        name           TEXT NOT NULL,
        mime_type      TEXT NOT NULL,
        app_properties TEXT NOT NULL,
        parents        TEXT NOT NULL,
        is_trashed     INTEGER NOT NULL DEFAULT 0,
        created_at     TEXT NOT NULL,
        modified_at    TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS google_permission (
        file_id       TEXT NOT NULL REFERENCES google_file ON DELETE CASCADE,
        permission_id TEXT NOT NULL,
        type          TEXT NOT NULL,
        role          TEXT NOT NULL,
        email         TEXT NOT NULL,
        PRIMARY KEY (file_id, permission_id)
    );
"""
FILE_FIELDS = "kind,id,name,mimeType"
PERMISSION_FIELDS = "kind,id,type,role"
# People whose address belongs to no Google account cannot be added without a mail to them.
DOMAIN_WITHOUT_ACCOUNTS = "no-account.example"


def routes(state: State) -> list[BaseRoute]:
    files, file = "/drive/v3/files", "/drive/v3/files/{file_id}"
    permissions, permission = f"{file}/permissions", f"{file}/permissions/{{permission_id}}"
    return [
        Route(
            files,
            endpoint(state, list_files, f"kind,incompleteSearch,nextPageToken,files({FILE_FIELDS})"),
            methods=["GET"],
        ),
        Route(files, endpoint(state, create_file, FILE_FIELDS), methods=["POST"]),
        Route(file, endpoint(state, get_file, FILE_FIELDS), methods=["GET"]),
        Route(file, endpoint(state, update_file, FILE_FIELDS), methods=["PATCH"]),
        Route(file, endpoint(state, delete_file), methods=["DELETE"]),
        Route(
            permissions,
            endpoint(state, list_permissions, f"kind,nextPageToken,permissions({PERMISSION_FIELDS})"),
            methods=["GET"],
        ),
        Route(permissions, endpoint(state, create_permission, PERMISSION_FIELDS), methods=["POST"]),
        Route(permission, endpoint(state, delete_permission), methods=["DELETE"]),
    ]


def role(state: State, file_id: str, account: str) -> str | None:
    row = state.db.execute(
        "SELECT role FROM google_permission WHERE file_id = ? AND email = ?", [file_id, account.casefold()]
    ).fetchone()
    return row["role"] if row else None


def new_file(db: sqlite3.Connection, owner: str, name: str, mime_type: str, **more: Any) -> str:
    """Adds a file that belongs to ``owner``; returns its id. For use inside a transaction."""
    file_id, now = secrets.token_urlsafe(33), datetime.now(UTC).isoformat()
    app_properties, parents = json.dumps(more.get("appProperties", {})), json.dumps(more.get("parents", ["root"]))
    db.execute(
        "INSERT INTO google_file VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
        [file_id, name, mime_type, app_properties, parents, now, now],
    )
    db.execute(
        "INSERT INTO google_permission VALUES (?, ?, 'user', 'owner', ?)", [file_id, _id(owner), owner.casefold()]
    )
    return file_id


def folder_name(state: State, parents: str) -> str:
    """The name of the folder that a file lies in; empty at the top.

    :param parents: as the table has them.
    """
    for parent in json.loads(parents):
        row = state.db.execute("SELECT name FROM google_file WHERE file_id = ?", [parent]).fetchone()
        if row:
            return str(row["name"])
    return ""


def list_files(call: Call) -> dict[str, Any]:
    matches = query.predicate(call.query["q"]) if "q" in call.query else lambda _: True
    size, start = int(call.query.get("pageSize", "100")), int(call.query.get("pageToken", "0"))
    if not 1 <= size <= 1000:
        raise GoogleError(400, f"Invalid value '{size}'. Values must be within the range: [1, 1000]")
    newest_first = "createdTime" not in call.query.get("orderBy", "") or "desc" in call.query.get("orderBy", "")
    rows = call.state.db.execute(
        """
        SELECT google_file.* FROM google_file JOIN google_permission USING (file_id)
        WHERE email = ? ORDER BY created_at, file_id
        """,
        [call.caller.casefold()],
    ).fetchall()
    found = [file for file in (_file(call.state, row) for row in rows) if matches(file)]
    if newest_first:
        found.reverse()
    answer = {"kind": "drive#fileList", "incompleteSearch": False, "files": found[start : start + size]}
    return answer | ({"nextPageToken": str(start + size)} if len(found) > start + size else {})


def create_file(call: Call) -> dict[str, Any]:
    wish = call.body
    mime_type = wish.get("mimeType", "application/octet-stream")
    for parent in wish.get("parents", []):
        if parent != "root" and _row(call, parent, to_write=True)["mime_type"] != FOLDER:
            raise GoogleError(403, "The specified parent is not a folder.", "parentNotAFolder")
    with call.state.transaction() as db:
        more = {key: wish[key] for key in ("appProperties", "parents") if key in wish}
        file_id = new_file(db, call.caller, wish.get("name", "Untitled"), mime_type, **more)
    return _file(call.state, _row(call, file_id))


def get_file(call: Call) -> dict[str, Any]:
    return _file(call.state, _row(call, call.path["file_id"]))


def update_file(call: Call) -> dict[str, Any]:
    row = _row(call, call.path["file_id"], to_write=True)
    app_properties = json.loads(row["app_properties"]) | call.body.get("appProperties", {})
    kept = {key: value for key, value in app_properties.items() if value is not None}
    with call.state.transaction() as db:
        db.execute(
            "UPDATE google_file SET name = ?, is_trashed = ?, app_properties = ?, modified_at = ? WHERE file_id = ?",
            [
                call.body.get("name", row["name"]),
                call.body.get("trashed", bool(row["is_trashed"])),
                json.dumps(kept),
                datetime.now(UTC).isoformat(),
                row["file_id"],
            ],
        )
    return get_file(call)


def delete_file(call: Call) -> None:
    row = _row(call, call.path["file_id"], to_write=True)
    if role(call.state, row["file_id"], call.caller) != "owner":
        raise GoogleError(
            403, "The user does not have sufficient permissions for this file.", "insufficientFilePermissions"
        )
    with call.state.transaction() as db:
        db.execute("DELETE FROM google_file WHERE file_id = ?", [row["file_id"]])


def list_permissions(call: Call) -> dict[str, Any]:
    row = _row(call, call.path["file_id"])
    return {"kind": "drive#permissionList", "permissions": _permissions(call.state, row["file_id"])}


def create_permission(call: Call) -> dict[str, Any]:
    """The same address again changes the role of the permission that is there, as at Google."""
    row = _row(call, call.path["file_id"], to_write=True)
    wish = call.body
    email = wish.get("emailAddress", "").casefold()
    if wish.get("type") not in ("user", "group") or wish.get("role") not in ("reader", "commenter", "writer"):
        raise GoogleError(400, "The permission type or role field is not supported.", "invalid")
    is_silent = call.query.get("sendNotificationEmail", "true").lower() == "false"
    if "@" not in email or (is_silent and email.endswith(f"@{DOMAIN_WITHOUT_ACCOUNTS}")):
        raise GoogleError(
            400,
            'Bad Request. User message: "You are trying to invite someone. Since there is no Google account associated '
            'with this email address, you must check the "Notify people" box to invite this recipient."',
            "invalidSharingRequest",
        )
    with call.state.transaction() as db:
        db.execute(
            """
            INSERT INTO google_permission VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET role = excluded.role WHERE role <> 'owner'
            """,
            [row["file_id"], _id(email), wish["type"], wish["role"], email],
        )
    return next(one for one in _permissions(call.state, row["file_id"]) if one["emailAddress"] == email)


def delete_permission(call: Call) -> None:
    row = _row(call, call.path["file_id"], to_write=True)
    with call.state.transaction() as db:
        gone = db.execute(
            "DELETE FROM google_permission WHERE file_id = ? AND permission_id = ? AND role <> 'owner'",
            [row["file_id"], call.path["permission_id"]],
        )
    if not gone.rowcount:
        raise GoogleError(404, f"Permission not found: {call.path['permission_id']}.")


def _row(call: Call, file_id: str, to_write: bool = False) -> sqlite3.Row:
    account_role = role(call.state, file_id, call.caller)
    row: sqlite3.Row | None = call.state.db.execute("SELECT * FROM google_file WHERE file_id = ?", [file_id]).fetchone()
    if row is None or account_role is None:
        raise GoogleError(404, f"File not found: {file_id}.")
    if to_write and account_role not in ("owner", "writer"):
        raise GoogleError(
            403, "The user does not have sufficient permissions for this file.", "insufficientFilePermissions"
        )
    return row


def _file(state: State, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "kind": "drive#file",
        "id": row["file_id"],
        "name": row["name"],
        "mimeType": row["mime_type"],
        "trashed": bool(row["is_trashed"]),
        "appProperties": json.loads(row["app_properties"]),
        "parents": json.loads(row["parents"]),
        "createdTime": row["created_at"],
        "modifiedTime": row["modified_at"],
        "permissions": _permissions(state, row["file_id"]),
        "webViewLink": f"http://127.0.0.1:{state.settings.port}/sheets/{row['file_id']}",
    }


def _permissions(state: State, file_id: str) -> list[dict[str, Any]]:
    rows = state.db.execute("SELECT * FROM google_permission WHERE file_id = ? ORDER BY rowid", [file_id])
    return [
        {
            "kind": "drive#permission",
            "id": row["permission_id"],
            "type": row["type"],
            "role": row["role"],
            "emailAddress": row["email"],
        }
        for row in rows
    ]


def _id(email: str) -> str:
    """Google's permission ids are numbers that belong to the account, not to the file."""
    digest = hashlib.sha256(email.casefold().encode()).digest()
    return str(int.from_bytes(digest) % 10**20)
