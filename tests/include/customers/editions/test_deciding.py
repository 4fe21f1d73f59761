"""Deciding on editions and handing them out: once, by somebody, and written down."""

from pathlib import Path
from threading import Thread

import psycopg
import pytest

from include.customers.editions import (
    EditionGoneError,
    EditionNotFoundError,
    NotApprovedError,
    NotPendingError,
    decide,
    deeds_of,
    get_edition,
    open_download,
)
from tests.conftest import Database
from tests.include.customers.editions.conftest import DAY, WORKBOOK, Archive


def test_an_approval_is_written_with_who_when_and_why(archive: Archive) -> None:
    made = archive.edition()
    decided = decide(archive.connection, made.edition_id, user="ada", is_approved=True, note=" as agreed ")
    assert (decided.state, decided.decided_by, decided.decision_note) == ("approved", "ada", "as agreed")
    assert decided.decided_at is not None
    assert [(deed.done_by, deed.action, deed.filename) for deed in deeds_of(archive.connection, DAY)[0]] == [
        ("ada", "approved", "Daily_Report_20261120.xlsx")
    ]


def test_who_comes_second_is_told_who_was_first(archive: Archive) -> None:
    made = archive.edition()
    decide(archive.connection, made.edition_id, user="ada", is_approved=False)
    with pytest.raises(NotPendingError, match="ada has rejected it at"):
        decide(archive.connection, made.edition_id, user="bob", is_approved=True)
    assert len(deeds_of(archive.connection, DAY)[0]) == 1


def test_two_who_decide_at_the_same_moment_are_one_decision(archive: Archive, database: Database) -> None:
    edition_id = archive.edition().edition_id
    archive.connection.commit()
    came_to: list[str] = []

    def decides(user: str) -> None:
        with database.connect() as connection:
            try:
                decide(connection, edition_id, user=user, is_approved=True)
            except NotPendingError:
                came_to.append("told")
            else:
                came_to.append(user)

    both = [Thread(target=decides, args=[user]) for user in ("ada", "bob")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert "told" in came_to
    (winner,) = [each for each in came_to if each != "told"]
    assert get_edition(archive.connection, edition_id).decided_by == winner


def test_a_superseded_edition_points_to_the_newer_one(archive: Archive) -> None:
    first = archive.edition()
    archive.edition()
    with pytest.raises(NotPendingError, match="A newer edition of the day was made"):
        decide(archive.connection, first.edition_id, user="ada", is_approved=True)


def test_a_download_is_written_down_for_each_who_has_it(archive: Archive) -> None:
    edition_id = archive.edition().edition_id
    decide(archive.connection, edition_id, user="ada", is_approved=True)
    for user in ("ada", "eve"):
        assert open_download(archive.connection, edition_id, user).read_bytes() == WORKBOOK
    assert [(deed.done_by, deed.action) for deed in deeds_of(archive.connection, DAY)[0]] == [
        ("eve", "downloaded"),
        ("ada", "downloaded"),
        ("ada", "approved"),
    ]


@pytest.mark.parametrize("is_rejected", [True, False])
def test_nobody_has_what_is_not_approved(archive: Archive, *, is_rejected: bool) -> None:
    edition_id = archive.edition().edition_id
    if is_rejected:
        decide(archive.connection, edition_id, user="ada", is_approved=False)
    with pytest.raises(NotApprovedError):
        open_download(archive.connection, edition_id, "ada")
    assert "downloaded" not in [deed.action for deed in deeds_of(archive.connection, DAY)[0]]


def test_what_is_gone_or_lies_elsewhere_is_not_handed_out(archive: Archive, tmp_path: Path) -> None:
    edition = archive.edition()
    decide(archive.connection, edition.edition_id, user="ada", is_approved=True)
    outside = tmp_path.parent / "secret.xlsx"
    outside.touch()
    for path, deleted_at in (("../secret.xlsx", None), ("editions/none.xlsx", None), (edition.path, edition.made_at)):
        archive.connection.execute("UPDATE partner.edition SET path = %s, deleted_at = %s", [path, deleted_at])
        with pytest.raises(EditionGoneError):
            open_download(archive.connection, edition.edition_id, "ada")
    assert [deed.action for deed in deeds_of(archive.connection, DAY)[0]] == ["approved"]


def test_an_edition_that_never_was_is_no_edition(archive: Archive) -> None:
    for use in (
        lambda: get_edition(archive.connection, 99),
        lambda: decide(archive.connection, 99, user="ada", is_approved=True),
        lambda: open_download(archive.connection, 99, "ada"),
    ):
        with pytest.raises(EditionNotFoundError):
            use()


def test_a_deed_cannot_be_taken_back(archive: Archive) -> None:
    decide(archive.connection, archive.edition().edition_id, user="ada", is_approved=True)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        archive.connection.execute("DELETE FROM partner.deed")
