import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.sql_reports.query.guard import RejectedError, check
from include.sql_reports.query.parameters import Parameter
from tests.include.sql_reports.query.harmless import HARMLESS
from tests.include.sql_reports.query.hostile import STATEMENTS

DAY = Parameter(name="day", type="date")
NAMES = Parameter(name="names", type="text_list")


@pytest.mark.parametrize("sql", HARMLESS)
def test_what_reports_are_made_of_passes(sql: str) -> None:
    check(sql)


@pytest.mark.parametrize(
    ("sql", "line", "column", "word"),
    [
        ("SELECT pg_sleep(1)", 1, 8, "pg_sleep"),
        (r'SELECT U&"\0070g_sleep"(1)', 1, 8, "pg_sleep"),
        ("SELECT 'Ärger', -- Öl\n  ünit, pg_sleep(1)", 2, 9, "pg_sleep"),
        ("SELECT '😀' || pg_sleep(1)", 1, 15, "pg_sleep"),
        ("SELECT :day, pg_sleep(1), :names", 1, 14, "pg_sleep"),
        ("SELECT :day,\n:names, :day + pg_sleep(1)", 2, 16, "pg_sleep"),
        ("SELECT :names[pg_sleep(1)::text::integer] AT LOCAL, :day", 1, 15, "pg_sleep"),
        ("SELECT pg_sleep:day, :names", 1, 8, "pg_sleep"),
        ("SELECT 1,\n  FROM stock", 2, 3, "FROM"),
        ("SELECT 'é', foo bar baz", 1, 21, "baz"),
        ("SELECT :day baz foo, :names", 1, 17, "foo"),
        ("SELECT a FROM :day, :names", 1, 15, "parameter cannot stand here"),
        ("SELECT 1;\n\nSELECT 2", 3, 1, "one statement"),
        ("  UPDATE stock SET unit = 'kg'", 1, 3, "UPDATE"),
        ("SELECT *\nFROM gold.fact_sales", 2, 6, "gold"),
        ("SELECT 'x'::regclass", 1, 13, "regclass"),
        ("SELECT 1 INTO mine", 1, 15, "INTO"),
        ("SELECT $1", 1, 8, ":name"),
        ("SELECT 'a", 1, 8, "unterminated"),
        ("SELECT :other", 1, 8, ":other"),
        ("SELECT (ARRAY[1, 2])[1:two]", 1, 23, "space"),
    ],
)
def test_people_are_told_what_and_where(sql: str, line: int, column: int, word: str) -> None:
    parameters = [parameter for parameter in (DAY, NAMES) if f":{parameter.name}" in sql]
    with pytest.raises(RejectedError) as rejected:
        check(sql, parameters)
    problem = rejected.value.problems[0]
    assert (problem.line, problem.column) == (line, column)
    assert word.casefold() in problem.message.casefold()


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(RejectedError) as rejected:
        check("SELECT pg_sleep(1), current_user\nFROM gold.fact_sales", [DAY])
    assert [(problem.line, problem.column) for problem in rejected.value.problems] == [(1, 8), (1, 21), (2, 6), (1, 1)]
    assert ":day" in rejected.value.problems[-1].message


def test_a_colon_that_is_no_parameters_stays() -> None:
    statement = check("SELECT ':day', \":day\", $$:day$$, 1::text, (ARRAY[1, 2])[1:2] -- :day\n/* :day */")
    assert statement.text == statement.sql
    assert statement.parameters == ()


def test_a_parameter_is_read_from_a_setting_with_its_type() -> None:
    statement = check("SELECT :day, location_name = ANY(:names), :DAY FROM stock", [NAMES, DAY])
    assert statement.text == (
        "SELECT (pg_catalog.current_setting('report.p1', true)::date), "
        "location_name = ANY((pg_catalog.current_setting('report.p2', true)::text[])), "
        "(pg_catalog.current_setting('report.p1', true)::date) FROM stock"
    )
    assert statement.parameters == (DAY, NAMES)


def test_only_the_longest_padding_is_refused() -> None:
    check("SELECT lpad('x', 1000)")
    with pytest.raises(RejectedError, match="number of at most 1,000"):
        check("SELECT lpad('x', 1001)")


HOSTILE = [statement for statements in STATEMENTS.values() for statement in statements if len(statement) < 1000]


@given(st.text(max_size=200) | st.lists(st.sampled_from(" ".join(HOSTILE).split(" ")), max_size=40).map(" ".join))
def test_whatever_people_type_passes_or_gets_a_place_in_it(sql: str) -> None:
    try:
        check(sql, [])
    except RejectedError as error:
        lines = sql.split("\n")
        for problem in error.problems:
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
