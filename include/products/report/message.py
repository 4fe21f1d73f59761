"""The mail of a report: what it shows, when it is worth sending, and when it corrects an earlier one."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg

from include.config.period import PeriodKind
from include.mail.editions import next_edition
from include.mail.outbox import Attachment, enqueue
from include.mail.render import Rendered, money, percent, render
from include.outputs.content_types import CONTENT_TYPES
from include.products.report.figures import Change
from include.products.report.menu import Kind, Menu, engineer
from include.products.report.report import Level, Report, Slice, Standing

TOP_PRODUCTS = 10
MOST_MOVERS = 3


@dataclass(frozen=True)
class Section:
    """What the mail shows of one currency: mostly there is one.

    :param places: markets, or the locations where only one market is asked for.
    :param risen: those that won most ranks; ``fallen``: that lost most.
    """

    total: Slice
    changes: Sequence[tuple[str, Change]]
    level: Level
    places: Sequence[Slice]
    best: Sequence[Standing]
    product_count: int
    risen: Sequence[Standing]
    fallen: Sequence[Standing]
    menu: Menu


def send_report(
    connection: psycopg.Connection, report: Report, *, sheet_url: str | None, workbook: Path, is_attached: bool
) -> UUID | None:
    """Writes the report's mail to the outbox, unless the last one to these people told the same figures.

    A mail whose figures differ from those sent before is marked as corrected; the caller commits.

    :param is_attached: whether the workbook goes with it.
    """
    request = report.request
    about = json.dumps([request.key, str(request.period.last), sorted(request.recipients)])
    edition = next_edition(connection, f"products_sold_report/{_digest(about)}/", digest(report))
    if edition is None:
        return None
    filename = workbook.name if is_attached else None
    mail = compose(report, sheet_url=sheet_url, filename=filename, corrects_at=edition.corrects_at)
    return enqueue(
        connection,
        dedupe_key=edition.dedupe_key,
        recipients=request.recipients,
        subject=subject(report, is_correction=edition.corrects_at is not None),
        html=mail.html,
        text=mail.text,
        attachments=[Attachment(workbook.name, CONTENT_TYPES["xlsx"], workbook.read_bytes())] if is_attached else [],
    )


def digest(report: Report) -> str:
    """Equal for equal figures of the period; a late change of an earlier period is no change of this one."""
    return _digest(repr(sorted(report.rows, key=lambda row: (row.location_key, row.product, row.currency))))


def subject(report: Report, *, is_correction: bool) -> str:
    """The number that matters, for those who read no further."""
    period = report.request.period
    when = f"{period.first:%a, %b} {period.first.day}" if period.kind is PeriodKind.DAY else str(period)
    figures = []
    for total in report.totals:
        change = total.change(0)
        ratio = f" ({signed_percent(change)})" if change and change.net_ratio is not None else ""
        figures.append(f"{money(total.total.net_cents, total.currency)}{ratio}")
    name = ", ".join([report.request.title, when, *report.request.filters])
    return f"{'Corrected: ' if is_correction else ''}Products sold, {name}: {', '.join(figures)}"


def signed_percent(change: Change) -> str:
    return f"{'+' if change.net_cents > 0 else ''}{percent(change.net_ratio)}" if change.net_ratio is not None else ""


def compose(report: Report, *, sheet_url: str | None, filename: str | None, corrects_at: datetime | None) -> Rendered:
    """:param filename: of the attached workbook; None: it is not attached."""
    return render(
        "products_sold",
        request=report.request,
        timezone=report.request.locations[0].timezone,
        sections=[_section(report, total) for total in report.totals],
        kinds=list(Kind),
        top_products=TOP_PRODUCTS,
        sheet_url=sheet_url,
        filename=filename,
        corrects_at=corrects_at,
    )


def _section(report: Report, total: Slice) -> Section:
    markets = [each for each in report.slices(Level.MARKET) if each.currency == total.currency]
    level = Level.MARKET if len(markets) > 1 else Level.LOCATION
    places = markets if len(markets) > 1 else report.slices(Level.LOCATION)
    ranked = [each for each in total.standings if each.rank is not None]
    moved = sorted((each for each in ranked if each.movement), key=lambda each: -(each.movement or 0))
    return Section(
        total=total,
        changes=[
            (comparison.label, change)
            for number, comparison in enumerate(report.comparisons)
            if (change := total.change(number))
        ],
        level=level,
        places=sorted(
            (each for each in places if each.currency == total.currency), key=lambda each: -each.total.net_cents
        ),
        best=ranked[:TOP_PRODUCTS],
        product_count=len(ranked),
        risen=[each for each in moved[:MOST_MOVERS] if (each.movement or 0) > 0],
        fallen=[each for each in reversed(moved[-MOST_MOVERS:]) if (each.movement or 0) < 0],
        menu=engineer(total),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
