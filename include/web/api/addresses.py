"""Where things are, for Location headers: without the host, which a proxy may have renamed."""

from fastapi import Request


def address_of(request: Request, route: str, **params: int) -> str:
    """:param route: the name of the API's function that answers there."""
    prefix: str = request.scope["root_path"]
    return f"{prefix}{request.app.url_path_for(route, **params)}"
