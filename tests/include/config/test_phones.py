from pathlib import Path

import pytest

from include.config import ConfigError, load_chain
from include.config.phones import EVERY_OUTCOME, digits
from tests.include.config.conftest import Edit


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_chain(folder)
    return str(caught.value).splitlines()


def test_a_department_says_only_what_is_different_there() -> None:
    phones = load_chain().phones
    catering = phones.locations[0].departments[1].over(phones.defaults)
    assert catering.missed_count == 2
    assert catering.window_minutes == phones.defaults.window_minutes == 60
    assert catering.unreachable.recipients == ("it@example.com",)
    assert catering.counted_outcomes == EVERY_OUTCOME


def test_a_part_of_a_part_can_be_different(folder: Path, edit: Edit) -> None:
    edit("phones.yaml", "        missed_count: 2", "        unreachable: {call_count: 7}")
    phones = load_chain(folder).phones
    unreachable = phones.locations[0].departments[1].over(phones.defaults).unreachable
    assert (unreachable.call_count, unreachable.window_minutes, unreachable.recipients) == (7, 15, ("it@example.com",))


def test_a_chain_without_the_file_has_no_departments(folder: Path) -> None:
    (folder / "phones.yaml").unlink()
    assert load_chain(folder).phones.locations == ()


def test_every_location_of_the_demo_answers_two_numbers() -> None:
    chain = load_chain()
    assert [each.location for each in chain.phones.locations] == [location.name for location in chain.locations]
    for each in chain.phones.locations:
        assert [department.name for department in each.departments] == ["Front desk", "Catering"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "- location: Manhattan",
            "- location: Manhatten",
            "phones.yaml:14: locations.0.location: there is no location 'Manhatten'",
        ),
        (
            "- location: Chicago Loop",
            "- location: Manhattan",
            "phones.yaml:26: locations.1.location: 'Manhattan' is taken by line 14",
        ),
        (
            "- name: Catering",
            "- name: Front desk",
            "phones.yaml:21: locations.0.departments.1.name: 'Front desk' is taken by line 17",
        ),
        (
            '["+13125550101"]',
            '["1 (212) 555-0102"]',
            "phones.yaml:29: locations.1.departments.0.numbers.0: '12125550102' is taken by line 22",
        ),
        (
            'numbers: ["+12125550101"]',
            "numbers: [+12125550101]",
            "phones.yaml:18: locations.0.departments.0.numbers.0: Input should be a valid string, not 12125550101",
        ),
        (
            '["+12125550101"]',
            '["front"]',
            "phones.yaml:18: locations.0.departments.0.numbers.0: "
            "'front' is no telephone number: write it in quotes, as \"+1 212 555 0101\"",
        ),
        (
            "opening_hours: always",
            "opening_hours: never",
            "phones.yaml:19: locations.0.departments.0.opening_hours: "
            "'never' are no opening hours: write \"always\", or the times of each weekday",
        ),
        (
            "  missed_count: 5",
            "  missed_count: 0",
            "phones.yaml:4: defaults.missed_count: Input should be greater than or equal to 1, not 0",
        ),
        (
            "  missed_count: 5",
            "  missed_count: 5\n  counted_outcomes: [RANG_OUT, MISSED]",
            "phones.yaml:5: defaults.counted_outcomes.1: Input should be 'CALLER_GAVE_UP', 'RANG_OUT', 'BUSY', "
            "'PHONES_UNREACHABLE', 'VOICEMAIL', 'HUNG_UP_EARLY', 'QUEUE_ABANDONED', 'QUEUE_TIMEOUT', 'QUEUE_FULL' or "
            "'QUEUE_EMPTY', not 'MISSED'",
        ),
        (
            'numbers: ["+12125550101"]',
            "phone_system: x",
            "phones.yaml:17: locations.0.departments.0.numbers: is missing, and so is phone_system_name",
        ),
        ("window_minutes: 60", "window: 60", "phones.yaml:3: defaults.window: is no field here"),
        ("[it@example.com]", "[it]", "phones.yaml:11: defaults.unreachable.recipients.0: 'it' is no mail address"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(folder: Path, edit: Edit, old: str, new: str, told: str) -> None:
    edit("phones.yaml", old, new)
    assert told in problems(folder)


def test_somebody_must_get_the_mail(folder: Path, edit: Edit) -> None:
    edit("locations.yaml", "    recipients: [manhattan@example.com]\n", "")
    assert problems(folder) == [
        "phones.yaml:17: locations.0.departments.0.recipients: is missing, and the location has none either"
    ]


def test_checks_speak_also_where_other_fields_are_wrong(folder: Path, edit: Edit) -> None:
    edit(
        "phones.yaml",
        "  - location: Chicago Loop\n    departments:",
        "  - location: Chicago Loop\n    departments: 3\n    x:",
    )
    edit("phones.yaml", "- location: Manhattan", "- location: Manhatten")
    assert any("there is no location 'Manhatten'" in problem for problem in problems(folder))


@pytest.mark.parametrize(
    ("number", "same"),
    [("+1 (212) 555-0101", "12125550101"), ("anonymous", None), ("", None), (None, None)],
)
def test_numbers_are_their_digits(number: str | None, same: str | None) -> None:
    assert digits(number) == same
