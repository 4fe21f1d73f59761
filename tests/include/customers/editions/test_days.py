"""Which days are to be reported."""

from datetime import date, timedelta

from include.customers.editions import decide
from include.customers.editions.days import NEWS_DAYS, days_to_report
from include.customers.editions.missing import look_for_missing
from tests.include.customers.editions.conftest import DAY, Archive

TODAY = DAY + timedelta(days=1)
LONG_AGO = TODAY - timedelta(days=NEWS_DAYS + 1)


def due(archive: Archive) -> list[date]:
    return days_to_report(archive.connection, TODAY)


def test_a_day_is_reported_as_soon_as_both_files_are_there(archive: Archive) -> None:
    archive.file("customers")
    assert due(archive) == []
    archive.file("orders", state="quarantined")
    assert due(archive) == []
    archive.file("orders")
    assert due(archive) == [DAY]


def test_what_was_reported_of_the_same_files_is_not_again(archive: Archive) -> None:
    archive.both()
    archive.edition()
    assert due(archive) == []


def test_nor_when_it_was_turned_down(archive: Archive) -> None:
    archive.both()
    decide(archive.connection, archive.edition().edition_id, user="ada", is_approved=False)
    assert due(archive) == []


def test_a_corrected_file_has_its_day_reported_again_however_old_it_is(archive: Archive) -> None:
    archive.both(LONG_AGO)
    archive.edition(LONG_AGO)
    archive.file("orders", LONG_AGO)
    assert due(archive) == [LONG_AGO]


def test_a_file_that_comes_after_the_report_completes_it(archive: Archive) -> None:
    archive.file("orders")
    archive.edition()
    archive.file("customers")
    assert due(archive) == [DAY]


def test_years_of_files_are_taken_in_without_a_workbook_of_each_day(archive: Archive) -> None:
    for day in (LONG_AGO, DAY - timedelta(days=1), DAY):
        archive.both(day)
    assert due(archive) == [DAY]
    archive.edition()
    assert due(archive) == []


def test_days_that_came_late_are_made_up_for_as_long_as_they_are_news(archive: Archive) -> None:
    archive.edition(LONG_AGO)
    for ago in range(1, NEWS_DAYS + 3):
        archive.both(TODAY - timedelta(days=ago))
    assert due(archive)[1:] == [TODAY - timedelta(days=ago) for ago in reversed(range(1, NEWS_DAYS + 1))]
    assert due(archive)[0] == LONG_AGO, "its files came after its edition"


def test_a_first_hand_in_of_what_is_long_over_makes_nothing(archive: Archive) -> None:
    archive.both(LONG_AGO)
    assert due(archive) == []


def test_a_day_that_has_not_begun_is_not_reported(archive: Archive) -> None:
    archive.both(TODAY + timedelta(days=1))
    assert due(archive) == []


def test_an_edition_of_square_is_none_of_the_partners_files(archive: Archive) -> None:
    archive.both()
    archive.edition(source="square")
    assert due(archive) == [DAY]


def test_nothing_is_missed_before_the_first_file_ever(archive: Archive) -> None:
    assert look_for_missing(archive.connection, archive.partner, TODAY) == set()
    assert archive.mails() == []


def test_a_missing_file_is_told_once_and_the_day_reported_with_what_is_there(archive: Archive) -> None:
    archive.file("customers")
    for _ in range(2):
        assert look_for_missing(archive.connection, archive.partner, TODAY) == {DAY}
    [(subject, text)] = archive.mails()
    assert subject == "Demo Eats: no order file of Fri, Nov 20, 2026"
    assert "The order file has not come." in text
    assert "/storekeeper/partner/2026-11-20" in text
    archive.edition()
    assert look_for_missing(archive.connection, archive.partner, TODAY) == set()


def test_a_file_in_quarantine_is_not_told_as_one_that_never_came(archive: Archive) -> None:
    archive.file("customers")
    archive.file("orders", state="quarantined")
    look_for_missing(archive.connection, archive.partner, TODAY)
    [(_, text)] = archive.mails()
    assert "The order file came and is quarantined" in text


def test_a_complete_day_is_not_missed(archive: Archive) -> None:
    archive.both()
    assert look_for_missing(archive.connection, archive.partner, TODAY) == {DAY}
    assert archive.mails() == []
