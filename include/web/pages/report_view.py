"""A report as lists of reports show it."""

from dataclasses import dataclass

from include.sql_reports.definitions.schedule import in_words
from include.sql_reports.definitions.store import Report

RESULTS = {
    "queued": ("queued", "Waiting"),
    "running": ("running", "Running"),
    "success": ("success", "Done"),
    "failed": ("failed", "Failed"),
    "skipped": ("skipped", "Skipped"),
}


@dataclass(frozen=True)
class ReportView:
    report: Report

    @property
    def state(self) -> tuple[str, str]:
        """How it looks, and in a word: what needs attention before what is usual."""
        last = self.report.last_run
        if last and last.state in {"queued", "running"}:
            return RESULTS[last.state]
        if not self.report.definition.is_active:
            return "paused", "Paused"
        if last and last.state == "failed":
            return RESULTS["failed"]
        if last is None:
            return "never", "Never run"
        return ("active", "Active") if self.report.definition.cron else ("on_demand", "On demand")

    @property
    def result(self) -> tuple[str, str] | None:
        return RESULTS[self.report.last_run.state] if self.report.last_run else None

    @property
    def schedule(self) -> str:
        cron = self.report.definition.cron
        return in_words(cron) if cron else "Only when asked for"
