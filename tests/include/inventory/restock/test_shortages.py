import pytest

from include.inventory.restock.outlook import Level
from include.inventory.restock.shortages import Change, OpenShortage, change

LOW, OUT = OpenShortage(1, Level.LOW), OpenShortage(1, Level.OUT)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (None, None, None),
        (None, Level.LOW, Change.BEGINS),
        (None, Level.OUT, Change.BEGINS),
        (LOW, Level.LOW, None),
        (LOW, Level.OUT, Change.RUNS_OUT),
        (LOW, None, Change.ENDS),
        (OUT, Level.OUT, None),
        (OUT, Level.LOW, Change.EASES),
        (OUT, None, Change.ENDS),
    ],
)
def test_a_shortage_changes_by_what_is_seen(
    before: OpenShortage | None, now: Level | None, expected: Change | None
) -> None:
    assert change(before, now) is expected


def test_people_are_told_when_it_begins_and_when_it_runs_out() -> None:
    assert [each for each in Change if each.is_news] == [Change.BEGINS, Change.RUNS_OUT]
