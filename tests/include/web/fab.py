"""The same app under FabAuthManager, as the demo and production run it: with real roles, and logins that have them."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from include.web.partner_roles import EXPORT_ROLE, UPLOAD_ROLE
from stack.prepare import ensure_roles

if TYPE_CHECKING:
    from fastapi import FastAPI

MANAGER = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
# Login → its roles.
FAB_LOGINS = {
    "viewer": ["Viewer"],
    "uploader": ["Viewer", UPLOAD_ROLE],
    "exporter": ["Viewer", EXPORT_ROLE],
    # With nothing besides.
    "courier": [UPLOAD_ROLE],
    "admin": ["Admin"],
}


@contextmanager
def fab_in_charge(fab_app: "FastAPI | None" = None) -> Iterator[None]:
    """For the while Airflow asks FAB who may what; there is one auth manager in a process.

    :param fab_app: whose auth manager it is; without one the caller makes it.
    """
    from airflow.api_fastapi.app import _AuthManagerState

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW__CORE__AUTH_MANAGER", MANAGER)
        patch.setattr(_AuthManagerState, "instance", fab_app.state.auth_manager if fab_app else None)
        yield


def build_fab_app(password: str) -> "FastAPI":
    """As the fixture `airflow_app`; its tables are in the same metadata database."""
    from airflow.api_fastapi.app import init_auth_manager, init_plugins
    from airflow.api_fastapi.auth.middlewares.refresh_token import JWTRefreshMiddleware

    # As in the api-server, where nobody who decides waits for it.
    from airflow.api_fastapi.core_api.routes.public import hitl  # noqa: F401
    from airflow.utils.session import create_session
    from fastapi import FastAPI

    with warnings.catch_warnings():
        # FAB's own, of Flask and of Starlette's bridge to it.
        warnings.simplefilter("ignore")
        from airflow.providers.fab.auth_manager.models.db import FABDBManager

        with create_session() as session:
            FABDBManager(session).initdb()  # type: ignore[no-untyped-call]
        app = FastAPI()
        init_plugins(app)
        init_auth_manager(app)
        make_logins(password)
    app.add_middleware(JWTRefreshMiddleware)
    return app


def make_logins(password: str) -> None:
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        manager = builder.sm
        ensure_roles(manager)
        # As the api-server does when it starts: Admin has every permission that there is.
        manager.sync_roles()
        for login, roles in FAB_LOGINS.items():
            found = [manager.find_role(role) for role in roles]
            assert manager.add_user(login, login, login, f"{login}@example.com", found, password)
