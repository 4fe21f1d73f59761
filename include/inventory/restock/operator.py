"""The task that asks for an answer. DAG files import this module: its calls import what they need beyond Airflow."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk import Param
from airflow.sdk.definitions.param import ParamsDict


class PurchaseApproval(ApprovalOperator):
    """Asks whether a proposal is to be ordered, and how many packs of each ingredient; returns the answer.

    Waits without a worker's slot. Nobody's answer in time counts as Reject. A proposal that has been decided on is not
    asked about again: then nothing is returned.

    :param number: of the purchase order.
    :param title: what the UI calls it.
    """

    template_fields = ("number", "title")

    def __init__(self, *, number: Any, title: Any, **kwargs: Any) -> None:
        # What is asked is in the database, and read when it is asked; so is the time for the answer.
        super().__init__(subject="", defaults=ApprovalOperator.REJECT, response_timeout=timedelta(hours=1), **kwargs)
        self.number = number
        self.title = title

    def execute(self, context: Any) -> None:
        from include.inventory.restock.run import form_of

        form = form_of(self.number)
        if form is None:
            self.log.info("%s has been decided on", self.number)
            return
        self.subject, self.body, self.response_timeout = form.subject, form.body, form.response_timeout
        self.params = ParamsDict(
            {
                field.name: Param(
                    field.pack_count,
                    type="integer",
                    minimum=0,
                    maximum=form.most_packs,
                    title=field.name,
                    description=field.description,
                )
                for field in form.fields
            }
        )
        super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Mapping[str, Any]:
        # What follows holds the answer against the proposal itself.
        self.params = ParamsDict()
        # Not ApprovalOperator's, which skips what follows a rejection: here that writes the rejection down.
        answer: Mapping[str, Any] = HITLOperator.execute_complete(self, context, event)
        return answer
