"""What a user may do here, from Airflow's own rights (docs/decisions/0096-rights-are-airflows.md)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from fastapi import Depends, Request

from include.web.partner_roles import EXPORT_ROLE, FILES, METHOD, REPORTS, UPLOAD_ROLE
from include.web.problems import Problem

REPORT_RUN = "report_run"


@dataclass(frozen=True)
class User:
    """Whoever is logged in.

    :param mail: None where Airflow knows no address (SimpleAuthManager).
    """

    name: str
    mail: str | None
    airflow_user: BaseUser

    @cached_property
    def may_read(self) -> bool:
        return self._may_on_runs("GET", REPORT_RUN)

    @cached_property
    def may_run(self) -> bool:
        return self.may_trigger(REPORT_RUN)

    @cached_property
    def may_edit(self) -> bool:
        return bool(get_auth_manager().is_authorized_variable(method="PUT", user=self.airflow_user))

    @cached_property
    def may_upload(self) -> bool:
        """Put a partner's files in."""
        return self._may_on_resource(FILES)

    @cached_property
    def may_export(self) -> bool:
        """Approve, reject and download the reports made of them."""
        return self._may_on_resource(REPORTS)

    @property
    def may_see_partner(self) -> bool:
        return self.may_upload or self.may_export

    def may_trigger(self, dag_id: str) -> bool:
        """A right may be given for single DAGs."""
        return self._may_on_runs("POST", dag_id)

    def _may_on_resource(self, name: str) -> bool:
        """A resource of our own: FAB gives rights to it by its name, SimpleAuthManager to everyone."""
        return bool(
            get_auth_manager().is_authorized_custom_view(method=METHOD, resource_name=name, user=self.airflow_user)
        )

    def _may_on_runs(self, method: Any, dag_id: str) -> bool:
        return bool(
            get_auth_manager().is_authorized_dag(
                method=method,
                access_entity=DagAccessEntity.RUN,
                details=DagDetails(id=dag_id),
                user=self.airflow_user,
            )
        )


def current_user(request: Request) -> User:
    """Whoever the gate let in."""
    user = request.state.airflow_user
    return User(user.get_name(), getattr(user, "email", None), user)


def reader(request: Request) -> User:
    user = current_user(request)
    if not user.may_read:
        raise missing_right("see reports", f"reading DAG runs of {REPORT_RUN}", "Viewer")
    return user


def runner(request: Request) -> User:
    user = reader(request)
    if not user.may_run:
        raise missing_right("run reports", f"triggering {REPORT_RUN}", "User")
    return user


def editor(request: Request) -> User:
    user = reader(request)
    if not user.may_edit:
        raise missing_right("change reports", "editing variables", "Op")
    return user


def uploader(request: Request) -> User:
    user = current_user(request)
    if not user.may_upload:
        raise missing_right("put in a partner's files", f"can create on {FILES}", UPLOAD_ROLE)
    return user


def exporter(request: Request) -> User:
    user = current_user(request)
    if not user.may_export:
        raise missing_right("approve and download a partner's reports", f"can create on {REPORTS}", EXPORT_ROLE)
    return user


def partner_reader(request: Request) -> User:
    user = current_user(request)
    if not user.may_see_partner:
        raise missing_right(
            "see a partner's files and reports",
            f"can create on {FILES} or on {REPORTS}",
            f"{UPLOAD_ROLE} or {EXPORT_ROLE}",
        )
    return user


def missing_right(purpose: str, right: str, role: str) -> Problem:
    return Problem(
        403,
        "Not allowed",
        f"To {purpose} you need Airflow's right of {right}, as the role {role} has it. An administrator can give it.",
    )


Reader = Annotated[User, Depends(reader)]
Runner = Annotated[User, Depends(runner)]
Editor = Annotated[User, Depends(editor)]
Uploader = Annotated[User, Depends(uploader)]
Exporter = Annotated[User, Depends(exporter)]
PartnerReader = Annotated[User, Depends(partner_reader)]
