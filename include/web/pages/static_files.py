"""The pages' own files. Their address holds a digest of all of them, so that browsers may keep each for ever."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript"}
# They lie behind the login: no shared cache may have them.
FOR_EVER = "private, max-age=31536000, immutable"

router = APIRouter()


@cache
def files() -> dict[str, Path]:
    """Every file that is served, by its path below static/."""
    return {path.relative_to(FOLDER).as_posix(): path for path in sorted(FOLDER.rglob("*")) if path.suffix in TYPES}


@cache
def version() -> str:
    digest = hashlib.sha256()
    for name, path in files().items():
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def vendored() -> list[dict[str, Any]]:
    """What is not ours: vendor/index.json. How to bring in another version: docs/pages.md."""
    entries: list[dict[str, Any]] = json.loads((FOLDER / "vendor" / "index.json").read_text())
    return entries


@cache
def import_map(prefix: str) -> str:
    """Where browsers find the modules that the vendored files import by name.

    :param prefix: the address of static/.
    """
    modules = {one["package"]: f"{prefix}/vendor/{one['file']}" for one in vendored() if one["is_module"]}
    return json.dumps({"imports": modules})


@router.get("/static/{wanted_version}/{name:path}")
def static_file(wanted_version: str, name: str) -> FileResponse:
    if wanted_version != version() or name not in files():
        raise HTTPException(404, "There is no such file; load the page again.")
    path = files()[name]
    return FileResponse(path, media_type=TYPES[path.suffix], headers={"Cache-Control": FOR_EVER})
