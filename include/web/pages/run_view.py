"""A run as pages show it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from include.report_runs import File, Notification, Run

STATES = {
    "queued": "Waiting",
    "running": "Running",
    "success": "Done",
    "failed": "Failed",
    "skipped": "Skipped",
}
REPORTS = {
    "products_sold_report": "Products sold",
    "sales_report": "Sales",
    "customer_orders_report": "Customers and orders",
    "report_run": "SQL reports",
}
# A mail that has not gone out by then waits for its mail server: the page of mails says more.
PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class RunView:
    """:param timezone: in which its times are told."""

    run: Run
    timezone: str
    files: tuple[File, ...] = ()
    mails: tuple[Notification, ...] = ()

    @property
    def is_withheld(self) -> bool:
        return self.run.state == "success" and any(each.get("on_breach") == "withhold" for each in self.run.breaches)

    @property
    def look(self) -> str:
        return "withheld" if self.is_withheld else self.run.state

    @property
    def state_word(self) -> str:
        return "Withheld" if self.is_withheld else STATES[self.run.state]

    @property
    def span(self) -> timedelta | None:
        """From start to end; up to now while it runs."""
        if self.run.started_at is None:
            return None
        return (self.run.finished_at or datetime.now(UTC)) - self.run.started_at

    @property
    def is_moving(self) -> bool:
        """Whether more is to be expected soon: the end of the run, or of its mails."""
        return self.run.is_live or any(
            mail.state in {"new", "claimed"} and datetime.now(UTC) - mail.decided_at < PATIENCE for mail in self.mails
        )

    @property
    def seen(self) -> str:
        """What a page that follows the run has told of it already."""
        sent = sum(mail.state == "sent" for mail in self.mails)
        return f"{self.look}-{sent}"

    @property
    def news(self) -> str:
        """For those who hear the page instead of seeing it."""
        sent = sum(mail.state == "sent" for mail in self.mails)
        told = f"{self.run.title}: {self.state_word}"
        return f"{told}, {sent} of {len(self.mails)} mails sent" if self.mails else told

    @property
    def shown_parameters(self) -> dict[str, object]:
        """Those that say something."""
        said = {name: value for name, value in self.run.parameters.items() if value not in (None, "", [])}
        return {name.replace("_", " "): value for name, value in said.items()}

    @property
    def asked_by(self) -> str:
        return "its schedule" if self.run.asked_by == "schedule" else self.run.asked_by
