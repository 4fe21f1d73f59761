"""Waking the task that waits for a decision, in the name of who decided
(docs/decisions/0109-a-decision-and-its-answer.md)."""

from airflow.models import DagRun
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.utils.session import create_session
from airflow.utils.state import State
from fastapi import HTTPException
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from include.web.problems import Problem
from include.web.security import User

# Nothing to answer yet, or somebody has answered: the task looks for the decision itself before it waits again.
NOT_WAITING = {404, 409}


def answer_approval(
    user: User, *, dag_id: str, dag_run_id: str, task_id: str, map_index: int, is_approved: bool
) -> None:
    """Answers Airflow's question. The caller's own transaction holds the decision, and commits after this.

    :raises Problem: 409: its run has ended; 503: Airflow's database is away. Then the decision must not hold.
    """
    # Late: the api-server has them, and elsewhere the routes of Airflow's whole API take two seconds.
    from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
    from airflow.api_fastapi.core_api.routes.public.hitl import update_hitl_detail

    answer = ApprovalOperator.APPROVE if is_approved else ApprovalOperator.REJECT
    try:
        with create_session() as session:
            run_state = session.scalar(select(DagRun.state).where(DagRun.dag_id == dag_id, DagRun.run_id == dag_run_id))
            if run_state is None or run_state in State.finished_dr_states:
                raise Problem(409, "Nobody waits for it", "Its run has ended: ask for the day's report again.")
            update_hitl_detail(
                dag_id=dag_id,
                dag_run_id=dag_run_id,
                task_id=task_id,
                map_index=map_index,
                update_hitl_detail_payload=UpdateHITLDetailPayload(chosen_options=[answer], params_input={}),
                user=user.airflow_user,
                session=session,
            )
    except HTTPException as error:
        if error.status_code not in NOT_WAITING:
            raise
    except SQLAlchemyError:
        raise Problem.unavailable("Airflow's own database does not answer.") from None
