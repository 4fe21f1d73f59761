"""Editions that wait for a decision: what is asked, and for how long."""

from datetime import datetime, timedelta

import pytest

from include.customers.editions import NotPendingError, decide, get_edition
from include.customers.editions.waiting import GRACE, LOOK_EVERY, lapse_forgotten, look
from tests.include.customers.editions.conftest import NEW_YORK, Archive

MADE_AT = datetime(2026, 11, 21, 9, tzinfo=NEW_YORK)
HOUR = timedelta(hours=1)


def test_the_question_shows_the_figures_and_where_it_is_answered(archive: Archive) -> None:
    edition = archive.made_at(archive.edition(), MADE_AT)
    found, question = look(archive.connection, archive.partner, edition.edition_id, MADE_AT + HOUR)
    assert found == edition
    assert question.subject == f"Customer and order report of Fri, Nov 20, 2026, edition {edition.edition_id}"
    assert "| Revenue | $1,234.50 |" in question.body
    assert "/storekeeper/partner/2026-11-20), by Sun, Nov 22, 2026, 09:00 EST" in question.body
    assert question.look_again_in == LOOK_EVERY


def test_the_last_look_is_when_the_time_is_over(archive: Archive) -> None:
    edition = archive.made_at(archive.edition(), MADE_AT)
    minute = timedelta(minutes=1)
    _, question = look(archive.connection, archive.partner, edition.edition_id, MADE_AT + 24 * HOUR - minute)
    assert question.look_again_in == minute


def test_what_nobody_decides_on_lapses_and_is_told_once(archive: Archive) -> None:
    edition = archive.made_at(archive.edition(), MADE_AT)
    for _ in range(2):
        found, _ = look(archive.connection, archive.partner, edition.edition_id, MADE_AT + 24 * HOUR)
        assert (found.state, found.decided_by) == ("lapsed", None)
    [(subject, text)] = archive.mails()
    assert subject == "Not approved in time: Customer and order report, Fri, Nov 20, 2026"
    assert "Nobody decided within 24 hours" in text
    with pytest.raises(NotPendingError, match="Nobody decided in time"):
        decide(archive.connection, edition.edition_id, user="ada", is_approved=True)


def test_what_was_decided_never_lapses(archive: Archive) -> None:
    edition = archive.made_at(archive.edition(), MADE_AT)
    decide(archive.connection, edition.edition_id, user="ada", is_approved=True)
    found, _ = look(archive.connection, archive.partner, edition.edition_id, MADE_AT + 99 * HOUR)
    assert found.state == "approved"
    assert lapse_forgotten(archive.connection, archive.partner, MADE_AT + 99 * HOUR) == 0


def test_an_edition_whose_run_is_gone_lapses_with_the_next_run(archive: Archive) -> None:
    edition = archive.made_at(archive.edition(), MADE_AT)
    over = MADE_AT + 24 * HOUR
    assert lapse_forgotten(archive.connection, archive.partner, over) == 0
    assert lapse_forgotten(archive.connection, archive.partner, over + GRACE) == 1
    assert get_edition(archive.connection, edition.edition_id).state == "lapsed"
