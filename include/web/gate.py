"""Nobody gets further without Airflow's login: not to the API, not to a page, not to a static file, not to a 404."""

from fastapi import HTTPException
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from include.web.problems import Problem
from include.web.same_origin import is_same_origin

# For a watchdog; says no more than whether the database answers.
OPEN = {("GET", "/api/health")}
SAFE = {"GET", "HEAD", "OPTIONS"}


class Gate:
    """Puts Airflow's user into `request.state.airflow_user`, or answers itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            request = Request(scope, receive)
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            try:
                if (request.method, path) not in OPEN:
                    await _admit(request)
            except Problem as problem:
                is_page = request.method in SAFE and not path.startswith("/api")
                answer = _to_login(request) if is_page and problem.status == 401 else problem.response()
                await answer(scope, receive, send)
            else:
                await self.app(scope, receive, send)


async def _admit(request: Request) -> None:
    # Late: FastAPI's own apps must be importable without Airflow's models.
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user

    bearer = await bearer_scheme(request)
    try:
        request.state.airflow_user = await get_user(request, None, bearer)
    except HTTPException:
        raise Problem(
            401,
            "Not logged in",
            "Log in to Airflow, or send a valid token: Authorization: Bearer … (POST /auth/token gives one).",
            headers={"WWW-Authenticate": "Bearer"},
        ) from None
    except SQLAlchemyError:
        raise Problem.unavailable("Airflow's own database does not answer.") from None
    # A browser adds the cookie to what any site makes it send; a token is added by nobody but its owner.
    if bearer is None and request.method not in SAFE and not is_same_origin(request):
        raise Problem(403, "Sent from another site", "A request with Airflow's cookie must come from its own pages.")


def _to_login(request: Request) -> RedirectResponse:
    from airflow.api_fastapi.app import get_auth_manager

    return RedirectResponse(get_auth_manager().get_url_login(next_url=str(request.url)), 303)
