"""Online orders under `/sandbox/online-orders`, for programs."""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.control import Control
from sandbox.online_orders import desk
from sandbox.online_orders.order import Change, OnlineOrder, OrderError, Wish
from sandbox.state import State


def controls(state: State) -> list[Control]:
    """Paths relative to `/sandbox`."""

    async def place(request: Request) -> Response:
        try:
            order = desk.place(state, msgspec.json.decode(await request.body(), type=Wish))
        except (msgspec.DecodeError, OrderError) as error:
            return JSONResponse({"detail": str(error)}, status_code=400)
        return _shown(order, 201)

    async def change(request: Request) -> Response:
        try:
            wish = msgspec.json.decode(await request.body(), type=Change)
            order = desk.change(state, request.path_params["order_id"], wish)
        except (msgspec.DecodeError, OrderError) as error:
            return JSONResponse({"detail": str(error)}, status_code=400)
        return _shown(order) if order else JSONResponse({"detail": "no such online order"}, status_code=404)

    return [("POST", "/online-orders", place), ("PATCH", "/online-orders/{order_id}", change)]


def _shown(order: OnlineOrder, status: int = 200) -> Response:
    return Response(msgspec.json.encode(order), status, media_type="application/json")
