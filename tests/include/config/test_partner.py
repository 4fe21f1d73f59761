from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from include.config import ConfigError
from include.config.partner import load_partner
from tests.include.config.conftest import Edit


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_partner(folder)
    return str(caught.value).splitlines()


def test_without_the_file_there_is_no_partner(folder: Path) -> None:
    (folder / "partner.yaml").unlink()
    assert load_partner(folder) is None


def test_the_demo_has_a_partner_with_days_of_its_own() -> None:
    partner = load_partner()
    assert partner is not None
    assert partner.columns.orders == {"order_date_time": ("order_time",)}
    # The locations' days end at three in the morning, the partner's at midnight.
    assert partner.business_date(datetime(2026, 11, 21, 4, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert partner.business_date(datetime(2026, 11, 21, 5, 0, tzinfo=UTC)) == date(2026, 11, 21)


def test_the_file_is_read_again_when_it_has_changed(folder: Path, edit: Edit) -> None:
    first = load_partner(folder)
    edit("partner.yaml", "due_hour: 9", "due_hour: 11")
    again = load_partner(folder)
    assert first is not None
    assert again is not None
    assert (first.due_hour, again.due_hour) == (9, 11)


@pytest.mark.parametrize("encoding", ["utf-8", "Windows-1252", "latin-1", "ISO-8859-15", "shift_jis", "gb18030"])
def test_encodings_have_their_usual_names(folder: Path, edit: Edit, encoding: str) -> None:
    edit("partner.yaml", "due_hour: 9", f"encoding: {encoding}")
    partner = load_partner(folder)
    assert partner is not None
    assert partner.encoding == encoding


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "timezone: America/New_York",
            "timezone: America/New York",
            "partner.yaml:3: timezone: 'America/New York' is no time zone",
        ),
        ("phone_region: US", "phone_region: UK", "partner.yaml:5: phone_region: 'UK' is no country of ISO 3166"),
        ("due_hour: 9", "encoding: base64", "partner.yaml:11: encoding: 'base64' is no encoding of text"),
        ("due_hour: 9", "encoding: utf-16", "partner.yaml:11: encoding: 'utf-16' is no encoding of text"),
        ("due_hour: 9", "encoding: ansi-1252", "partner.yaml:11: encoding: 'ansi-1252' is no encoding of text"),
        (
            "due_hour: 9",
            'time_formats: ["%d/%m/%Y"]',
            "partner.yaml:11: time_formats.0: '%d/%m/%Y' does not tell a day and a time to the minute",
        ),
        (
            "due_hour: 9",
            'time_formats: ["%d/%m/%Y %H:%M %Z"]',
            "partner.yaml:11: time_formats.0: '%d/%m/%Y %H:%M %Z' does not tell a day and a time to the minute",
        ),
        (
            "[mobile, phone]",
            "[mobile, Customer-Name]",
            "partner.yaml:7: columns.customers: 'Customer-Name' cannot be mobile_number: it is customer_name",
        ),
        ("order_date_time:", "ordered:", "partner.yaml:10: columns.orders.ordered"),
        (
            "due_hour: 9",
            "limits: {rejected_percentage: 10}",
            "partner.yaml:11: limits.rejected_percentage: 10 is no percentage",
        ),
        ("due_hour: 9", "due_hour: 24", "partner.yaml:11: due_hour: Input should be less than or equal to 23"),
        ("recipients: [operations@example.com]", "recipient: x", "partner.yaml:12: recipient: is no field here"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(folder: Path, edit: Edit, old: str, new: str, told: str) -> None:
    edit("partner.yaml", old, new)
    (problem,) = problems(folder)
    assert problem.startswith(told)
