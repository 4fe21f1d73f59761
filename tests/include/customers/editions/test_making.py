"""Entering editions: rerun-safe, and never an older one over a newer."""

import pytest

from include.customers.editions import decide, list_editions
from include.customers.editions.making import NothingNewError, enter
from tests.include.customers.editions.conftest import DAY, Archive


def states(archive: Archive) -> list[str]:
    return [edition.state for edition in list_editions(archive.connection, business_date=DAY)[0]]


def test_what_is_entered_twice_is_one_edition(archive: Archive) -> None:
    archive.both()
    draft = archive.draft()
    first = enter(archive.connection, draft)
    assert enter(archive.connection, draft) == first
    assert states(archive) == ["pending"]


def test_a_rerun_makes_nothing_of_what_was_decided(archive: Archive) -> None:
    archive.both()
    draft = archive.draft()
    decided = decide(archive.connection, enter(archive.connection, draft).edition_id, user="ada", is_approved=True)
    assert enter(archive.connection, draft) == decided


def test_a_newer_edition_supersedes_one_that_waits_and_leaves_what_was_approved(archive: Archive) -> None:
    decide(archive.connection, archive.edition().edition_id, user="ada", is_approved=True)
    archive.edition()
    archive.edition()
    assert states(archive) == ["pending", "superseded", "approved"]


def test_one_of_square_leaves_one_of_the_partners_files_alone(archive: Archive) -> None:
    archive.edition()
    archive.edition(source="square")
    assert states(archive) == ["pending", "pending"]


def test_of_two_runs_that_make_the_same_one_is_enough(archive: Archive) -> None:
    archive.both()
    one, other = archive.draft(), archive.draft()
    enter(archive.connection, one)
    with pytest.raises(NothingNewError, match="there is an edition of 2026-11-20 of these files"):
        enter(archive.connection, other)


def test_whoever_asks_gets_another(archive: Archive) -> None:
    archive.both()
    archive.edition(is_asked_for=False)
    archive.edition(is_asked_for=True)
    assert states(archive) == ["pending", "superseded"]


def test_a_slow_run_does_not_put_old_figures_over_new_ones(archive: Archive) -> None:
    archive.both()
    slow = archive.draft()
    archive.file("orders")
    quick = archive.edition(is_asked_for=False)
    with pytest.raises(NothingNewError, match="other files of 2026-11-20 have come"):
        enter(archive.connection, slow)
    assert list_editions(archive.connection, business_date=DAY)[0] == [quick]
