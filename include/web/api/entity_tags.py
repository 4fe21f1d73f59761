"""ETags (RFC 9110, 13): what the caller has is not sent again, what somebody else has changed is not overwritten."""

import hashlib
import re
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from include.web.problems import Problem

_TAG = re.compile(r'(W/)?"([^"]*)"')


def tagged(
    request: Request,
    body: BaseModel,
    *,
    version: int | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """The body with its ETag; 304 without it, if the caller has it already.

    :param version: of what may be changed with If-Match.
    """
    content = body.model_dump_json(serialize_as_any=True).encode()
    digest = hashlib.sha256(content).hexdigest()[:16]
    tag = digest if version is None else f"{version}.{digest}"
    headers = {**(headers or {}), "ETag": f'"{tag}"'}
    known = {found[2] for found in _TAG.finditer(request.headers.get("if-none-match", ""))}
    if status == 200 and request.method == "GET" and tag in known:
        return Response(status_code=304, headers=headers)
    return Response(content, status, headers, "application/json")


def versions_matched(
    if_match: Annotated[str | None, Header(description="The ETag of what is changed.")] = None,
) -> set[int]:
    """The versions that the caller would change; empty: any.

    Only the version counts, not the rest of the tag: a report whose newest run has ended meanwhile is still the same.
    """
    if if_match is None:
        raise Problem(428, "Which version?", 'Send the ETag of what you have read: If-Match: "…".')
    if if_match.strip() == "*":
        return set()
    tags = [found[2].partition(".")[0] for found in _TAG.finditer(if_match) if not found[1]]
    # A tag that was never given matches nothing.
    return {int(tag) for tag in tags if re.fullmatch("[0-9]{1,9}", tag)} or {0}


def chosen(versions: set[int], current: int) -> int | None:
    """The one version to hold the change to, for the store."""
    return None if not versions else current if current in versions else min(versions)


IfMatch = Annotated[set[int], Depends(versions_matched)]
