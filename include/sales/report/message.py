"""The mail of a report: what it shows, when it is worth sending, and when it corrects an earlier one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from uuid import UUID

import psycopg

from include.config.period import PeriodKind
from include.mail.editions import next_edition
from include.mail.outbox import Attachment, enqueue
from include.mail.render import Rendered, money, percent, render
from include.sales.report.figures import Amounts, Change, GroupSales, LocationAmounts, ModifierSales
from include.sales.report.report import Report
from include.sales.report.request import GroupBy
from include.sales.report.table import digest

TOP_GROUPS = 10
TOP_MODIFIERS = 6
TOP_REFUNDS = 10


@dataclass(frozen=True)
class ModifierSummary:
    """One modifier over all items; `items` are the busiest of those that used it."""

    name: str
    sold_quantity: Decimal
    gross_cents: int
    items: tuple[ModifierSales, ...]
    item_count: int


@dataclass(frozen=True)
class Section:
    """What the mail shows of one currency: mostly there is one."""

    currency: str
    amounts: Amounts
    changes: Sequence[Change]
    locations: Sequence[tuple[LocationAmounts, Change | None]]
    markets: Sequence[tuple[str, Amounts]]
    groups: Sequence[GroupSales]
    modifiers: Sequence[ModifierSummary]


def send_report(
    connection: psycopg.Connection,
    report: Report,
    *,
    recipients: Sequence[str],
    sheet_url: str | None,
    csv_name: str,
    csv_content: bytes,
) -> UUID | None:
    """Writes the report's mail to the outbox, unless the last mail of this report told the same figures.

    A mail whose figures differ from those sent before is marked as corrected; the caller commits.
    """
    places = ",".join(location.name for location in report.locations)
    kind = "so far" if report.open_until_at else "final"
    period = report.period
    key = (
        f"sales_report/{places}/{period.kind}/{period.first}/{period.last}/{report.group_by}/{report.is_chain}/{kind}/"
    )
    edition = next_edition(connection, key, digest(report))
    if edition is None:
        return None
    corrects_at = edition.corrects_at if report.open_until_at is None else None
    mail = compose(report, sheet_url=sheet_url, csv_name=csv_name, corrects_at=corrects_at)
    return enqueue(
        connection,
        dedupe_key=edition.dedupe_key,
        recipients=recipients,
        subject=subject(report, is_correction=corrects_at is not None),
        html=mail.html,
        text=mail.text,
        attachments=[Attachment(csv_name, "text/csv", csv_content)],
    )


def subject(report: Report, *, is_correction: bool) -> str:
    """The number that matters, for those who read no further."""
    mark = "Corrected: " if is_correction else "So far: " if report.open_until_at else ""
    period = report.period
    when = f"{period.first:%a, %b} {period.first.day}" if period.kind is PeriodKind.DAY else str(period)
    grouping = "" if report.group_by is GroupBy.VARIATION else f" by {report.group_by}"
    figures = []
    for currency, amounts in report.totals.items():
        change = next(iter(report.changes(currency)), None)
        ratio = f" ({signed_percent(change.net_ratio)})" if change and change.net_ratio is not None else ""
        figures.append(f"{money(amounts.net_cents, currency)}{ratio}")
    return f"{mark}{report.title}, {when}{grouping}: {', '.join(figures)}"


def signed_percent(ratio: Decimal) -> str:
    return f"{'+' if ratio > 0 else ''}{percent(ratio)}"


def compose(report: Report, *, sheet_url: str | None, csv_name: str, corrects_at: datetime | None) -> Rendered:
    return render(
        "sales_report",
        report=report,
        sections=[_section(report, currency, amounts) for currency, amounts in report.totals.items()],
        refunds=report.refunds[:TOP_REFUNDS],
        top_groups=TOP_GROUPS,
        sheet_url=sheet_url,
        csv_name=csv_name,
        corrects_at=corrects_at,
    )


def _section(report: Report, currency: str, amounts: Amounts) -> Section:
    locations = [location for location in report.locations if location.currency == currency]
    modifiers = [modifier for modifier in report.modifiers if modifier.currency == currency]
    summaries = [
        _summary(name, list(uses)) for name, uses in groupby(modifiers, key=lambda modifier: modifier.modifier_name)
    ]
    return Section(
        currency=currency,
        amounts=amounts,
        changes=report.changes(currency),
        locations=[
            (location, next(iter(report.changes_at(location)), None))
            for location in sorted(locations, key=lambda location: -location.amounts.net_cents)
        ],
        markets=sorted(
            ((market, each) for (market, its_currency), each in report.markets.items() if its_currency == currency),
            key=lambda market: -market[1].net_cents,
        ),
        groups=[group for group in report.groups if group.currency == currency],
        modifiers=sorted(summaries, key=lambda summary: -summary.sold_quantity)[:TOP_MODIFIERS],
    )


def _summary(name: str, uses: list[ModifierSales]) -> ModifierSummary:
    busiest = sorted(uses, key=lambda use: (-use.sold_quantity, use.item_name, use.variation_name))
    return ModifierSummary(
        name=name,
        sold_quantity=sum((use.sold_quantity for use in uses), Decimal()),
        gross_cents=sum(use.gross_cents for use in uses),
        items=tuple(busiest[:3]),
        item_count=len(busiest),
    )
