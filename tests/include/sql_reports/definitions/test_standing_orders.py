import psycopg
import pytest
from pydantic import ValidationError

from include.report_runs import ask
from include.sql_reports.definitions.audit import changes
from include.sql_reports.definitions.definition import field_problems
from include.sql_reports.definitions.errors import NameTakenError, NotFoundError, VersionError
from include.sql_reports.definitions.standing_orders import (
    change_order,
    create_order,
    delete_order,
    get_order,
    list_orders,
)
from tests.include.sql_reports.reports import order


def test_an_order_lives_as_a_report_does(connection: psycopg.Connection) -> None:
    made = create_order(connection, order(), "ana")
    assert (made.definition, made.version, made.last_run) == (order(), 1, None)
    assert made.next_run_at is not None
    ask(
        connection,
        dag_id="products_sold_report",
        dag_run_id="one",
        title="Weekly products",
        asked_by="schedule",
        conf={},
        standing_order_id=made.standing_order_id,
    )
    found = get_order(connection, made.standing_order_id)
    assert found.last_run is not None
    assert found.last_run.state == "queued"
    with pytest.raises(NameTakenError, match="another standing order named 'WEEKLY PRODUCTS'"):
        create_order(connection, order(name="WEEKLY PRODUCTS"), "bob")
    changed = change_order(connection, made.standing_order_id, order(is_active=False), "bob", version=1)
    assert (changed.version, changed.next_run_at) == (2, None)
    assert change_order(connection, made.standing_order_id, order(is_active=False), "eve").version == 2
    with pytest.raises(VersionError):
        change_order(connection, made.standing_order_id, order(), "eve", version=1)
    delete_order(connection, made.standing_order_id, "eve", version=2)
    with pytest.raises(NotFoundError):
        get_order(connection, made.standing_order_id)
    trail = changes(connection, "standing_order", made.standing_order_id)
    assert [(change.action, change.changed_by) for change in trail] == [
        ("deleted", "eve"),
        ("updated", "bob"),
        ("created", "ana"),
    ]


def test_orders_are_listed_by_name(connection: psycopg.Connection) -> None:
    for name in ("b", "A", "c"):
        create_order(
            connection, order(name=name, dag_id="sales_report" if name == "c" else "products_sold_report"), "ana"
        )
    found, total = list_orders(connection, limit=2)
    assert ([each.definition.name for each in found], total) == (["A", "b"], 3)
    assert [each.definition.name for each in list_orders(connection, dag_id="sales_report", is_active=True)[0]] == ["c"]
    assert list_orders(connection, search="B")[1] == 1


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        ({"dag_id": "restock"}, ("dag_id", "input should be 'products_sold_report' or 'sales_report'")),
        ({"cron": "daily"}, ("cron", "'daily' is no schedule: write minute")),
        ({"params": []}, ("params", "input should be a valid dictionary")),
        ({"params": {"markets": "x" * 10_001}}, ("params", "are more than 10,000 characters")),
    ],
)
def test_what_cannot_be_is_told_by_field(wish: dict[str, object], problem: tuple[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        order(**wish)
    [(field, sentence)] = field_problems(refused.value)
    assert field == problem[0]
    assert sentence.startswith(problem[1])
