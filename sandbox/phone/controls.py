"""The telephone's controls under `/sandbox/phone`: place calls, see them, and break the system."""

from collections.abc import Callable
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.control import Control, Handler
from sandbox.phone.telephone import Telephone, UnknownError, Wish


class Wait(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seconds: Annotated[float, msgspec.Meta(ge=0)]


def controls(telephone: Telephone) -> list[Control]:
    """Paths relative to `/sandbox`."""

    async def place(request: Request) -> Response:
        try:
            wish = msgspec.json.decode(await request.body(), type=Wish)
            telephone.place(wish)
        except (msgspec.DecodeError, UnknownError) as error:
            return JSONResponse({"detail": str(error)}, status_code=400)
        return JSONResponse({"placed": wish.times}, status_code=202)

    async def calls(_: Request) -> Response:
        return JSONResponse(telephone.calls())

    async def drop(_: Request) -> Response:
        telephone.exchange.drop()
        return Response(status_code=204)

    def for_seconds(does: Callable[[float], None]) -> Handler:
        async def handler(request: Request) -> Response:
            try:
                does(msgspec.json.decode(await request.body(), type=Wait).seconds)
            except msgspec.DecodeError as error:
                return JSONResponse({"detail": str(error)}, status_code=400)
            return Response(status_code=204)

        return handler

    return [
        ("POST", "/phone/calls", place),
        ("GET", "/phone/calls", calls),
        ("POST", "/phone/drop", drop),
        ("POST", "/phone/refuse", for_seconds(telephone.exchange.refuse)),
        ("POST", "/phone/restart", for_seconds(telephone.exchange.restart)),
    ]
