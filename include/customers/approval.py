"""The task that waits for a decision on an edition. DAG files import this module: its calls import what they need.

docs/decisions/0110-what-an-approval-waits-for.md
"""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk.exceptions import TaskAwaitingInput


class EditionApproval(ApprovalOperator):
    """Waits, without a worker's slot, until an edition is no longer pending; returns its state.

    What counts is the decision that the edition bears, which the web app writes for those who may export. An answer in
    Airflow wakes the task and decides nothing: who may answer there is another right. So does the time that it waits
    for at most; then it looks, and waits again.

    :param edition_id: what ``build`` has returned.
    """

    template_fields = ("edition_id",)

    def __init__(self, *, edition_id: Any, **kwargs: Any) -> None:
        # What is asked, and how long until the next look, is read when it is asked.
        super().__init__(subject="", defaults=ApprovalOperator.REJECT, response_timeout=timedelta(hours=1), **kwargs)
        self.edition_id = edition_id

    def execute(self, context: Any) -> str:
        from include.customers.editions.run import look_at

        edition, question = look_at(self.edition_id)
        if edition.state != "pending":
            return self._settled(edition)
        self.subject, self.body = question.subject, question.body
        self.response_timeout = question.look_again_in
        try:
            super().execute(context)
        except TaskAwaitingInput:
            # Decided before the question stood there: no answer came that would wake the task.
            edition, _ = look_at(self.edition_id)
            if edition.state == "pending":
                raise
        return self._settled(edition)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> str:
        if "error" in event:
            self.process_trigger_event_error(event)
        from include.customers.editions.run import look_at

        edition, _ = look_at(self.edition_id)
        if edition.state != "pending":
            return self._settled(edition)
        if user := event["responded_by_user"]:
            self.log.warning(
                "The answer of %s does not count: whoever may export decides on edition %s on the page of %s",
                user["name"],
                edition.edition_id,
                edition.business_date,
            )
        return self.execute(context)

    def _settled(self, edition: Any) -> str:
        self.log.info("Edition %s is %s by %s", edition.edition_id, edition.state, edition.decided_by or "nobody")
        return str(edition.state)
