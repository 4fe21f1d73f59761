"""Starting a run: its record in reports.report_run and Airflow's DAG run, under one id
(docs/decisions/0097-a-run-and-its-record.md)."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from airflow.api.common.trigger_dag import trigger_dag
from airflow.models import DagModel
from airflow.models.dagbag import DBDagBag
from airflow.utils.session import create_session
from airflow.utils.types import DagRunTriggeredByType
from jsonschema import ValidationError  # type: ignore[import-untyped]
from sqlalchemy.exc import SQLAlchemyError

from include.report_runs import ask
from include.sql_reports.definitions.standing_orders import StandingOrder
from include.web.database import Database
from include.web.problems import FieldError, Problem
from include.web.security import User, missing_right


def start_run(
    database: Database,
    user: User,
    *,
    dag_id: str,
    title: str,
    conf: Mapping[str, Any],
    report_id: int | None = None,
    standing_order_id: int | None = None,
) -> int:
    """Asks Airflow for a run in the user's name; returns the id of its record.

    :param conf: the DAG run's: values of its params.
    :raises Problem: the user may not, Airflow does not know the DAG or has it switched off, a value is not what the
        param takes. Nothing has happened then.
    """
    if not user.may_trigger(dag_id):
        raise missing_right("run this report", f"triggering {dag_id}", "User")
    dag_run_id = f"{dag_id}__{uuid4()}"
    with database.connection() as connection:
        run_id = ask(
            connection,
            dag_id=dag_id,
            dag_run_id=dag_run_id,
            title=title,
            asked_by=user.name,
            conf=conf,
            report_id=report_id,
            standing_order_id=standing_order_id,
        )
        # Within the transaction: what Airflow does not take leaves no record; a record that is lost the task writes.
        _trigger(dag_id, dag_run_id, conf, user.name)
    return run_id


def start_order(database: Database, user: User, order: StandingOrder) -> int:
    """A run of a standing order now, beside those of its schedule; returns the id of its record.

    :raises Problem: as :func:`start_run`.
    """
    definition = order.definition
    return start_run(
        database,
        user,
        dag_id=definition.dag_id,
        title=definition.name,
        conf=definition.params,
        standing_order_id=order.standing_order_id,
    )


def _trigger(dag_id: str, dag_run_id: str, conf: Mapping[str, Any], user_name: str) -> None:
    try:
        _check(dag_id, conf)
        trigger_dag(
            dag_id,
            triggered_by=DagRunTriggeredByType.REST_API,
            triggering_user_name=user_name,
            run_id=dag_run_id,
            conf=dict(conf),
            replace_microseconds=False,
        )
    except SQLAlchemyError:
        raise Problem.unavailable("Airflow's own database does not answer.") from None


def _check(dag_id: str, conf: Mapping[str, Any]) -> None:
    with create_session() as session:
        known = session.get(DagModel, dag_id)
        if known is None or known.is_stale or known.has_import_errors:
            raise Problem.unavailable(f"Airflow has not read the DAG {dag_id} yet, or could not (its import errors).")
        if known.is_paused:
            raise Problem(409, f"{dag_id} is switched off", f"Switch the DAG {dag_id} on in Airflow, then ask again.")
        dag = DBDagBag().get_latest_version_of_dag(dag_id, session=session)
    if dag is None:
        raise Problem.unavailable(f"Airflow has not read the DAG {dag_id} yet.")
    errors = [FieldError(field=name, message="is no param of this report") for name in conf if name not in dag.params]
    params = dag.params.deep_merge(conf)
    for name in dag.params:
        try:
            params.get_param(name).resolve(raises=True)
        except (ValidationError, ValueError) as error:
            errors.append(FieldError(field=name, message=getattr(error, "message", str(error))))
    if errors:
        raise Problem.wrong_fields(errors)
