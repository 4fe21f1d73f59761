"""The mail of a day: what it shows, and when it is worth sending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import psycopg

from include.inventory.at_square import LateCount
from include.inventory.reports.figures import DayReport, LocationDay, Moved, Unmapped, cents, digest
from include.inventory.reports.logs import Logs
from include.inventory.restock.words import about, counted
from include.mail.editions import next_edition
from include.mail.outbox import enqueue
from include.mail.render import Rendered, money, percent, render

TOP_USED = 10
TOP_UNMAPPED = 10
TOP_DIFFERENCES = 10


@dataclass(frozen=True)
class Section:
    """What the mail shows of one currency: mostly there is one."""

    currency: str
    locations: Sequence[LocationDay]
    used: Sequence[tuple[Moved, Decimal]]
    net_cents: int
    used_cost: Decimal
    wasted_cost: Decimal
    counted_cost: Decimal
    # None where nothing is known of it yet.
    stock_value: Decimal | None

    @property
    def cost_ratio(self) -> Decimal | None:
        return self.used_cost / self.net_cents if self.net_cents > 0 else None


def send_report(
    connection: psycopg.Connection,
    report: DayReport,
    *,
    recipients: Sequence[str],
    logs: Logs | None = None,
    late_counts: Sequence[LateCount] = (),
    is_compared: bool,
) -> UUID | None:
    """Writes the day's mail to the outbox, unless the last mail of this report told the same figures.

    A mail whose figures differ from those sent before is marked as corrected; the caller commits.
    """
    kind = "so far" if report.open_until_at else "final"
    places = ",".join(location.name for location in report.locations)
    edition = next_edition(
        connection, f"inventory_report/{places}/{report.day}/{report.is_chain}/{kind}/", digest(report)
    )
    if edition is None:
        return None
    corrects_at = edition.corrects_at if report.open_until_at is None else None
    mail = compose(report, logs=logs, late_counts=late_counts, is_compared=is_compared, corrects_at=corrects_at)
    return enqueue(
        connection,
        dedupe_key=edition.dedupe_key,
        recipients=recipients,
        subject=subject(report, is_correction=corrects_at is not None),
        html=mail.html,
        text=mail.text,
    )


def subject(report: DayReport, *, is_correction: bool) -> str:
    """The number that matters, and what somebody has to do, for those who read no further."""
    mark = "Corrected: " if is_correction else "So far: " if report.open_until_at else ""
    figures = []
    for section in sections(report):
        ratio = f" ({percent(section.cost_ratio)} of sales)" if section.cost_ratio is not None else ""
        figures.append(f"{money(cents(section.used_cost), section.currency)} used{ratio}")
    unmapped = sum(len(location.unmapped) for location in report.locations)
    negative = sum(len(location.negative) for location in report.locations)
    if unmapped:
        figures.append(f"{unmapped} without recipe")
    if negative:
        figures.append(f"{negative} below zero")
    return f"{mark}Stock, {report.title}, {report.day:%a, %b} {report.day.day}: {', '.join(figures)}"


def compose(
    report: DayReport,
    *,
    logs: Logs | None,
    late_counts: Sequence[LateCount],
    is_compared: bool,
    corrects_at: datetime | None,
) -> Rendered:
    return render(
        "inventory_report",
        report=report,
        sections=sections(report),
        unmapped=unmapped(report),
        top_used=TOP_USED,
        top_unmapped=TOP_UNMAPPED,
        top_differences=TOP_DIFFERENCES,
        logs=logs,
        late_counts=late_counts,
        is_compared=is_compared,
        corrects_at=corrects_at,
        about=about,
        cents=cents,
        counted=counted,
        worth=worth,
    )


def worth(value: Decimal | None, currency: str) -> str:
    return "not known" if value is None else money(cents(value), currency)


def sections(report: DayReport) -> list[Section]:
    """Amounts of different currencies are never added."""
    return [
        _section(currency, [each for each in report.locations if each.currency == currency])
        for currency in dict.fromkeys(each.currency for each in report.locations)
    ]


def _section(currency: str, locations: Sequence[LocationDay]) -> Section:
    used: dict[str, tuple[Moved, Decimal]] = {}
    for location in locations:
        for each in location.used:
            _, quantity = used.get(each.ingredient_name, (each, Decimal()))
            used[each.ingredient_name] = each, quantity + each.used_quantity
    known = [each.stock_value for each in locations if each.stock_value is not None]
    return Section(
        currency=currency,
        locations=locations,
        used=sorted(used.values(), key=lambda one: (-one[0].cost.of(one[1]), one[0].ingredient_name)),
        net_cents=sum(each.net_cents for each in locations),
        used_cost=sum((each.used_cost for each in locations), Decimal()),
        wasted_cost=sum((each.wasted_cost for each in locations), Decimal()),
        counted_cost=sum((each.counted_cost for each in locations), Decimal()),
        stock_value=sum(known, Decimal()) if known else None,
    )


def unmapped(report: DayReport) -> list[Unmapped]:
    """What was sold without a recipe, over all locations, the most first."""
    found: dict[tuple[str, str, str | None], Unmapped] = {}
    for location in report.locations:
        for each in location.unmapped:
            key = each.item_name, each.variation_name, each.modifier_name
            known = found.get(key)
            found[key] = (
                each
                if known is None
                else Unmapped(*key, known.sold_quantity + each.sold_quantity, known.order_count + each.order_count)
            )
    return sorted(found.values(), key=lambda each: (-each.sold_quantity, each.item_name, each.variation_name))
