"""Lists page by page: `limit` and `offset`, the total, and Link headers (RFC 8288) to the pages around."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

Item = TypeVar("Item")
MOST_ROWS = 1000


class Page(BaseModel, Generic[Item]):
    """:param total: how many there are on all pages."""

    items: Sequence[Item]
    total: int
    limit: int
    offset: int


@dataclass(frozen=True)
class PageWanted:
    request: Request
    limit: int
    offset: int

    def answer(self, items: Sequence[BaseModel | dict[str, Any]], total: int) -> Response:
        # Serialised here: FastAPI would validate each item again, of which there may be a thousand.
        content = to_json({"items": items, "total": total, "limit": self.limit, "offset": self.offset})
        return Response(content, media_type="application/json", headers={"Link": self._links(total)})

    def _links(self, total: int) -> str:
        last = max(total - 1, 0) // self.limit * self.limit
        offsets = {"first": 0, "last": last}
        if self.offset > 0:
            offsets["prev"] = max(self.offset - self.limit, 0)
        if self.offset + self.limit < total:
            offsets["next"] = self.offset + self.limit
        return ", ".join(f'<{self._address(offset)}>; rel="{relation}"' for relation, offset in offsets.items())

    def _address(self, offset: int) -> str:
        """Without the host: a proxy may have renamed it."""
        others = [(name, value) for name, value in self.request.query_params.multi_items() if name not in _OWN]
        return f"{self.request.url.path}?{urlencode([*others, ('limit', self.limit), ('offset', offset)])}"


_OWN = {"limit", "offset"}


def page_wanted(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> PageWanted:
    return PageWanted(request, limit, offset)


Paging = Annotated[PageWanted, Depends(page_wanted)]
