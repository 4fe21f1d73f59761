"""The warehouse and files alone give identical numbers: the same story told to both."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from tests.include.customers.kpis.figures import figures
from tests.include.customers.kpis.story import Customer, Line, Story

FIRST = date(2026, 10, 28)
DAYS = [FIRST + timedelta(days=number) for number in range(6)]
# Some are of nobody, one has another form, some are none.
NUMBERS = ["+12125550101", "(212) 555-0101", "+12125550102", "+12125550103", "", "call me", "+12125550199"]

customers = st.builds(
    Customer,
    st.sampled_from(["C1", "c1", "C2", "C3", "Ä4"]),
    st.sampled_from(["", "Ada", "Zoë"]),
    st.sampled_from(NUMBERS),
    st.sampled_from(["", "North", "south", "Ørsta"]),
)
lines = st.builds(
    Line,
    st.sampled_from([f"O{number}" for number in range(12)]),
    st.sampled_from(NUMBERS),
    st.builds(
        datetime.combine,
        st.sampled_from([*DAYS, date(2026, 9, 30), date(2026, 6, 1)]),
        st.sampled_from([time(0), time(1, 30), time(12), time(23, 59, 59)]),
    ),
    st.sampled_from(["S1", "s1", "S2"]),
    st.integers(1, 5),
    st.integers(0, 10_000),
)
deliveries = st.lists(
    st.one_of(
        st.tuples(st.just("customers"), st.sampled_from(DAYS), st.lists(customers, max_size=6)),
        st.tuples(st.just("orders"), st.sampled_from(DAYS), st.lists(lines, min_size=1, max_size=20)),
    ),
    min_size=1,
    max_size=8,
)


@given(deliveries, st.sampled_from([*DAYS, date(2026, 11, 30)]))
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_story_has_the_same_figures_in_the_database_and_from_files(
    connection: Connection, told: list[tuple[str, date, list[Customer] | list[Line]]], day: date
) -> None:
    connection.rollback()
    for table in ("partner.file", "silver.partner_customers", "silver.partner_orders"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
    with TemporaryDirectory() as folder:
        story = Story(Path(folder))
        for kind, delivery_date, rows in told:
            getattr(story, kind)(delivery_date, rows)
        with story.alone() as alone:
            from_files = figures(alone, day)
        with story.in_warehouse(connection) as warehouse:
            from_database = figures(warehouse, day)
    assert from_files == from_database
