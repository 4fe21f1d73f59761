"""The report as a tab of a Google Sheet."""

from collections.abc import Sequence

from include.config.period import PeriodKind
from include.google.client import google_if_configured
from include.google.sheets import replace_tab
from include.sales.report.report import Report
from include.sales.report.request import GroupBy
from include.sales.report.table import HEADINGS, MONEY_COLUMNS, table


def publish(report: Report, *, share_with: Sequence[str]) -> str | None:
    """Writes the report's tab, or replaces it.

    :returns: the tab's address; None where the connection to Google does not exist: the chain does without sheets.
    """
    google = google_if_configured()
    if google is None:
        return None
    # Of several currencies each line names its own.
    currency = next(iter(report.totals)) if len(report.totals) == 1 else ""
    spreadsheet, tab = place(report)
    with google:
        return replace_tab(
            google,
            spreadsheet,
            tab,
            [HEADINGS, *table(report)],
            share_with=share_with,
            currency_columns=dict.fromkeys(MONEY_COLUMNS, currency),
        )


def place(report: Report) -> tuple[str, str]:
    """Spreadsheet and tab: one spreadsheet for the days of a month, one for the longer periods of a year.

    A year of daily tabs in one spreadsheet would open slowly.
    """
    period = report.period
    month_or_year = f"{period.first:%Y-%m}" if period.kind is PeriodKind.DAY else period.slug[:4]
    tab = period.slug if report.group_by is GroupBy.VARIATION else f"{period.slug} by {report.group_by}"
    return f"Sales report, {report.title}, {month_or_year}", tab
