"""The params of our report DAGs as fields of a form: the DAG itself says what there is to choose.

So a page offers what Airflow's own form offers: the chain's markets and locations, the periods, and whatever else a DAG
comes to take.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from airflow.models.dagbag import DBDagBag
from airflow.utils.session import create_session
from starlette.datastructures import FormData

from include.config import load_chain
from include.config.partner import load_partner
from include.customers.editions.request import read_wish
from include.products.report import request as products_sold
from include.sales.report import request as sales
from include.web.pages.addresses import split_addresses
from include.web.problems import Problem

Kind = Literal["choice", "choices", "day", "flag", "addresses", "text"]


@dataclass(frozen=True)
class ParamField:
    """:param choices: what there is to choose; empty where anything may be typed."""

    name: str
    kind: Kind
    label: str
    hint: str
    default: Any
    choices: tuple[str, ...] = ()

    def read(self, form: FormData) -> Any:
        """The param's value as the form has it."""
        texts = [str(each) for each in form.getlist(self.name)]
        match self.kind:
            case "choices":
                return texts
            case "flag":
                return bool(texts)
            case "addresses":
                return split_addresses(" ".join(texts))
            case "day":
                return texts[0] if texts and texts[0] else None
            case _:
                return texts[0] if texts else self.default


def read_fields(dag_id: str) -> list[ParamField]:
    """:raises Problem: Airflow does not know the DAG (yet)."""
    with create_session() as session:
        dag = DBDagBag().get_latest_version_of_dag(dag_id, session=session)
    if dag is None:
        raise Problem.unavailable(f"Airflow has not read the DAG {dag_id} yet: look again in a minute.")
    params: Any = dag.params
    return [_field(name, param.value, param.schema, param.description or "") for name, param in params.items()]


def read_conf(fields: Sequence[ParamField], form: FormData) -> dict[str, Any]:
    return {field.name: field.read(form) for field in fields}


def wrong_param(dag_id: str, conf: Mapping[str, Any]) -> tuple[str, str] | None:
    """The param that the report itself would refuse, and why: here and now instead of in a run that fails."""
    now, chain = datetime.now(UTC), load_chain()
    try:
        if dag_id == "products_sold_report":
            products_sold.read_request(chain, conf, run_after=now, started_at=now)
        elif dag_id == "customer_orders_report":
            if partner := load_partner():
                read_wish(conf, partner, chain, data_interval_end=None, run_after=now)
        else:
            sales.read_request(chain, conf, data_interval_end=None, run_after=now, started_at=now)
    except ValueError as error:
        names, _, sentence = str(error).partition(": ")
        name = names.split(",")[0]
        return (name, sentence) if name in conf else ("", str(error))
    return None


def _field(name: str, value: Any, schema: Mapping[str, Any], description: str) -> ParamField:
    choices = tuple(schema.get("enum") or schema.get("examples") or ())
    label = schema.get("title") or name.replace("_", " ").capitalize()
    return ParamField(name, _kind(schema, choices), label, description, value, choices)


def _kind(schema: Mapping[str, Any], choices: Sequence[str]) -> Kind:
    types = schema.get("type", "string")
    if "boolean" in types:
        return "flag"
    if "array" in types:
        return "choices" if choices else "addresses"
    if choices:
        return "choice"
    return "day" if schema.get("format") == "date" else "text"
