from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.include.calls.conftest import Look, Mails
from tests.include.calls.phone import MANHATTAN_CATERING, Phone

# 18:00 in Manhattan, on a Saturday.
EVENING = datetime(2026, 11, 21, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANA, BEN, CLEO = "+16465550111", "+16465550122", "+16465550133"
Ring = Callable[..., None]


@pytest.fixture
def ring(phone: Phone) -> Ring:
    """A call of one of three people, ended so many minutes after six."""

    def ring(minute: float, caller: str | None, outcome: str = "RANG_OUT", wait: float = 20, **facts: Any) -> None:
        names = {ANA: "Ana Rossi", BEN: "Ben Ito", CLEO: "Cleo <Marx>"}
        phone.rings(
            EVENING + minute * MINUTE,
            outcome,
            wait,
            **({"caller_number": caller, "caller_name": names.get(caller or "")} | facts),
        )

    return ring


def call_back(text: str) -> list[str]:
    """The lines of whom to call back, in their order."""
    lines = text.split("Whom to call back first:\n")[1].split("\n\n")[0]
    return lines.splitlines()


def test_whom_to_call_back_first(ring: Ring, look_at: Look, mails: Mails) -> None:
    ring(0, BEN, wait=80)
    ring(1, ANA, wait=10)
    ring(2, CLEO, wait=95, outcome="VOICEMAIL")
    ring(3, ANA, wait=30, outcome="CALLER_GAVE_UP")
    ring(4, BEN, outcome="ANSWERED")
    ring(5, None)
    ring(4.5, "+16465550144", outcome="ANSWERED")
    look_at(EVENING + 6 * MINUTE)

    (mail,) = mails()
    # Who rang again, then who waited longest, then who cannot be called, then who has been spoken to.
    assert call_back(mail["text"]) == [
        f"1. {ANA} Ana Rossi: rang 2 times, last at 18:02, waited up to 30 s",
        f"2. {CLEO} Cleo <Marx>: at 18:00, waited 1 min 35 s",
        "3. Number withheld: at 18:04, waited 20 s",
        f"(reached since) {BEN} Ben Ito: at 17:58, waited 80 s",
    ]
    assert "Callers: 4, of whom 1 rang again and 1 was reached since" in mail["text"]
    assert "18:00  Cleo <Marx>: went to voicemail, waited 1 min 35 s" in mail["text"]
    assert "Answered: 29%, 2 of 7 calls" in mail["text"]


def test_a_number_can_be_touched_to_call_it(ring: Ring, look_at: Look, mails: Mails) -> None:
    for minute in range(5):
        ring(minute, ANA if minute else CLEO)
    look_at(EVENING + 5 * MINUTE)
    (mail,) = mails()
    assert 'href="tel:+16465550111"' in mail["html"]
    assert "Cleo &lt;Marx&gt;" in mail["html"]
    assert "<Marx>" not in mail["html"]


def test_who_was_answered_before_the_last_miss_is_not_reached(ring: Ring, look_at: Look, mails: Mails) -> None:
    ring(0, ANA)
    ring(1, ANA, outcome="ANSWERED")
    for minute in range(2, 6):
        ring(minute, ANA)
    look_at(EVENING + 6 * MINUTE)
    assert call_back(mails()[0]["text"])[0].startswith(f"1. {ANA} Ana Rossi: rang 5 times")


def test_who_reached_another_department_of_the_location_is_reached(ring: Ring, look_at: Look, mails: Mails) -> None:
    for minute in range(5):
        ring(minute, ANA)
    ring(6, ANA, outcome="ANSWERED", dialled_number=MANHATTAN_CATERING)
    look_at(EVENING + 6 * MINUTE)
    assert call_back(mails()[0]["text"])[0].startswith(f"(reached since) {ANA}")


def test_the_answer_rate_is_the_windows_and_the_departments(ring: Ring, look_at: Look, mails: Mails) -> None:
    ring(-120, BEN, outcome="ANSWERED")
    ring(1, BEN, outcome="ANSWERED", dialled_number=MANHATTAN_CATERING)
    ring(1, BEN, outcome="UNKNOWN_GAP")
    ring(1, BEN, outcome="ANSWERED")
    for minute in range(2, 7):
        ring(minute, ANA)
    look_at(EVENING + 7 * MINUTE)
    assert "Answered: 17%, 1 of 6 calls" in mails()[0]["text"]


@pytest.mark.parametrize(
    ("begin", "end", "told"),
    [
        (1, 3, "could not be followed from 18:01 to 18:03."),
        (-50, -40, "could not be followed from 17:10 to 17:20."),
        (3, None, "could not be followed since 18:03, Sat, Nov 21."),
        (-1560, 2, "could not be followed from 16:00, Fri, Nov 20 to 18:02, Sat, Nov 21."),
        (-90, -70, None),
    ],
)
def test_a_gap_in_the_window_is_told(
    ring: Ring, phone: Phone, look_at: Look, mails: Mails, begin: int, end: int | None, told: str | None
) -> None:
    phone.loses_its_feed(EVENING + begin * MINUTE, None if end is None else EVENING + end * MINUTE)
    phone.loses_its_feed(EVENING, None, feed="another")
    for minute in range(5):
        ring(minute, ANA)
    look_at(EVENING + 5 * MINUTE)
    (mail,) = mails()
    for body in (mail["text"], mail["html"]):
        assert (told in body) if told else ("could not be followed" not in body)


def test_the_times_are_the_locations(ring: Ring, look_at: Look, mails: Mails) -> None:
    for minute in range(5):
        ring(minute, ANA, dialled_number="+13105550101")
    look_at(EVENING + 5 * MINUTE)
    (mail,) = mails()
    assert mail["subject"] == "Santa Monica, Front desk: 5 missed calls since 14:59"
    assert "Sat, Nov 21, 2026, 15:04 PST" in mail["text"]


def test_a_backlog_is_cut_short(ring: Ring, look_at: Look, mails: Mails) -> None:
    for minute in range(60):
        ring(minute / 2, f"+1646556{minute:04}")
    look_at(EVENING + 30 * MINUTE)
    (mail,) = mails()
    assert mail["subject"].startswith("Manhattan, Front desk: 60 missed calls")
    assert len(call_back(mail["text"])) == 51
    assert "and 10 before these" in mail["text"]
