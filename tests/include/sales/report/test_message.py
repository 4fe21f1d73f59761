from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest

from include.sales.report.figures import LocationAmounts, ModifierSales, Refund
from include.sales.report.message import compose, send_report, subject
from include.sales.report.report import Report
from include.sales.report.request import GroupBy
from tests.include.sales.report.test_table import AMOUNTS, REPORT

CHANGED = replace(
    REPORT, locations=(LocationAmounts(1, "Manhattan", "Northeast", "USD", replace(AMOUNTS, net_cents=3000)),)
)


def send(connection: psycopg.Connection, report: Report) -> UUID | None:
    return send_report(
        connection,
        report,
        recipients=["ana@example.com"],
        sheet_url="https://sheet",
        csv_name="r.csv",
        csv_content=b"1",
    )


def subjects(connection: psycopg.Connection) -> list[str]:
    query = "SELECT subject FROM outbox.message ORDER BY created_at"
    return [subject for (subject,) in connection.execute(query)]


def html(report: Report, *, corrects_at: datetime | None = None) -> str:
    return compose(report, sheet_url="https://sheet", csv_name="r.csv", corrects_at=corrects_at).html


def test_a_report_is_mailed_with_its_file(connection: psycopg.Connection) -> None:
    message_id = send(connection, REPORT)
    row = connection.execute(
        """
        SELECT recipients, subject, filename, content_type, content
        FROM outbox.message JOIN outbox.attachment USING (message_id) WHERE message_id = %s
        """,
        [message_id],
    ).fetchone()
    assert row == (["ana@example.com"], "Manhattan, Fri, Nov 20: $29.50 (+47.5%)", "r.csv", "text/csv", b"1")


def test_equal_figures_are_mailed_once(connection: psycopg.Connection) -> None:
    assert send(connection, REPORT) is not None
    connection.commit()
    assert send(connection, REPORT) is None


def test_changed_figures_are_mailed_as_a_correction(connection: psycopg.Connection) -> None:
    for report in (REPORT, CHANGED, CHANGED, REPORT):
        send(connection, report)
        connection.commit()  # created_at is the transaction's time
    assert subjects(connection) == [
        "Manhattan, Fri, Nov 20: $29.50 (+47.5%)",
        "Corrected: Manhattan, Fri, Nov 20: $30.00 (+50%)",
        "Corrected: Manhattan, Fri, Nov 20: $29.50 (+47.5%)",
    ]


def test_a_day_so_far_is_no_earlier_edition_of_the_whole_day(connection: psycopg.Connection) -> None:
    so_far = replace(REPORT, open_until_at=datetime(2026, 11, 20, 20, 15, tzinfo=UTC), befores=())
    for report in (so_far, replace(so_far, locations=CHANGED.locations), REPORT):
        send(connection, report)
        connection.commit()
    assert subjects(connection) == [
        "So far: Manhattan, Fri, Nov 20: $29.50",
        "So far: Manhattan, Fri, Nov 20: $30.00",
        "Manhattan, Fri, Nov 20: $29.50 (+47.5%)",
    ]


def test_reports_of_other_groupings_are_mails_of_their_own(connection: psycopg.Connection) -> None:
    send(connection, REPORT)
    send(connection, replace(REPORT, group_by=GroupBy.CATEGORY))
    assert not any(subject.startswith("Corrected") for subject in subjects(connection))


def test_the_mail_shows_totals_comparison_items_and_link() -> None:
    mail = html(REPORT)
    for shown in ("$29.50", "+47.5%", "against Friday a week earlier: $20.00", "Hawaiian", "https://sheet", "r.csv"):
        assert shown in mail


def test_the_mail_names_the_items_that_used_a_modifier() -> None:
    used = ModifierSales("Extra cheese", "Hawaiian", "L", "USD", Decimal(3), 2, 375, 0, 375)
    mail = html(replace(REPORT, modifiers=(used, replace(used, item_name="Veggie", sold_quantity=Decimal(1)))))
    assert "3 \u00d7 Hawaiian L, 1 \u00d7 Veggie L" in mail


def test_names_from_outside_are_escaped() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    refund = Refund(datetime(2026, 11, 20, 20, tzinfo=UTC), "1 x Hawaiian", hostile, "USD", 100, 109)
    used = ModifierSales(hostile, hostile, hostile, "USD", Decimal(3), 2, 375, 0, 375)
    report = replace(
        REPORT, title=hostile, groups=(replace(REPORT.groups[0], name=hostile),), refunds=(refund,), modifiers=(used,)
    )
    assert "<img" not in html(report)


def test_a_correction_says_what_it_corrects() -> None:
    mail = html(REPORT, corrects_at=datetime(2026, 11, 21, 13, 0, tzinfo=UTC))
    assert "Corrected: the figures have changed since the report of Sat, Nov 21, 2026, 08:00 EST" in mail


def test_the_chain_shows_its_locations_side_by_side_and_no_sum_of_currencies() -> None:
    yen = LocationAmounts(2, "Tokyo", "Kanto", "JPY", replace(AMOUNTS, net_cents=1800))
    chain = replace(REPORT, title="Four Corners", is_chain=True, locations=(*REPORT.locations, yen))
    assert subject(chain, is_correction=False) == "Four Corners, Fri, Nov 20: $29.50 (+47.5%), ¥1,800"
    mail = html(chain)
    assert "Net sales in USD" in mail
    assert "Net sales in JPY" in mail
    assert mail.index("Manhattan") < mail.index("Tokyo")


def test_a_report_without_sales_can_be_mailed(connection: psycopg.Connection) -> None:
    nothing = replace(REPORT, locations=(replace(REPORT.locations[0], amounts=type(AMOUNTS)()),), befores=(), groups=())
    assert send(connection, nothing) is not None


@pytest.mark.parametrize("group_by", GroupBy)
def test_every_grouping_can_be_mailed(group_by: GroupBy) -> None:
    groups = () if group_by.is_of_places else REPORT.groups
    assert "$29.50" in html(replace(REPORT, group_by=group_by, is_chain=True, groups=groups))
