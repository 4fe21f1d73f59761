"""reports.yaml: the ready reports of the chain, and its standing orders.

    reports:
      - key: daily_sales                  # stays when the name changes
        name: Daily sales
        sql: daily_sales.sql              # a file of the folder reports/ beside reports.yaml
        parameters: [{name: day, type: date, label: Day, default: yesterday}]
        cron: "0 6 * * *"
        timezone: America/New_York
        formats: [xlsx]
        recipients: [owner@example.com]
        rules: [{kind: row_count, minimum: 1, on_breach: withhold}]

    standing_orders:
      - key: products_weekly
        name: Products sold last week     # with `each: market`: ", Northeast" and so on behind it
        report: products_sold_report
        each: market
        params: {period: last_week}
        cron: "0 6 * * 1"

The other fields of a report are those of `include.sql_reports.definitions.definition.Definition`, which also says what
they may hold. Without `owner` it is the first of `operations_recipients`, without `timezone` the first location's
holds.
"""

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from include.config.chain import FILES as CHAIN_FILES
from include.config.chain import Chain, changed_at, config_folder, load_chain
from include.config.checks import unique
from include.config.document import Document, read, validate
from include.config.errors import ConfigError, Problem
from include.config.locations import Location
from include.config.model import Many, Model, Name

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
SqlFile = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.sql$")]
# The DAG's param that chooses what an order is about.
_PLACES = {"products_sold_report": "markets", "sales_report": "locations"}


class LibraryReport(Model):
    """A ready report as the file has it. What it may hold besides these fields, the report's definition says."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    key: Key
    name: Name
    sql: SqlFile


class LibraryOrder(Model):
    """A standing order as the file has it. `each: market` makes one of it for every market, at its own time."""

    key: Key
    name: Name
    report: Literal["products_sold_report", "sales_report"]
    each: Literal["market"] | None = None
    params: Annotated[dict[str, Any], Field(default_factory=dict)]
    cron: Name
    timezone: Name | None = None


class ReportsFile(Model):
    """The whole of reports.yaml."""

    reports: Many[LibraryReport] = ()
    standing_orders: Many[LibraryOrder] = ()


class Entry(Model):
    """A report or standing order to be taken over: its fields as its definition takes them, and where it stands."""

    key: str
    values: dict[str, Any]
    place: tuple[str, int]


class ReportsConfig(Model):
    """What reports.yaml says, with the chain's defaults filled in. Without the file there is nothing.

    :param document: tells file and line of what is wrong with an entry's fields.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    reports: tuple[Entry, ...] = ()
    standing_orders: tuple[Entry, ...] = ()
    document: Document = Document("reports.yaml", {})


def load_reports(folder: Path | None = None) -> ReportsConfig:
    """Reads the reports of a folder (default: `STOREKEEPER_CONFIG`, else the demo chain); cached until a file changes.

    :raises ConfigError: with every problem, each with file, line and field.
    """
    folder = folder or config_folder()
    statements = tuple((file.name, file.stat().st_mtime_ns) for file in sorted((folder / "reports").glob("*.sql")))
    return _load(folder, (*changed_at(folder, (*CHAIN_FILES, "reports")), *statements))


@lru_cache(maxsize=8)
def _load(folder: Path, _changed_at: tuple[object, ...]) -> ReportsConfig:
    file = folder / "reports.yaml"
    if not file.exists():
        return ReportsConfig()
    chain = load_chain(folder)
    document = read(file)
    problems: list[Problem] = []
    if document.values is None:
        return ReportsConfig()
    found = validate(ReportsFile, document, problems)
    for kind in ("reports", "standing_orders"):
        for name in ("key", "name"):
            problems.extend(unique(document, document.find(f"{kind}.*.{name}")))
    for place, name in document.find("reports.*.sql"):
        if isinstance(name, str) and not (folder / "reports" / name).is_file():
            problems.append(document.problem(place, f"there is no file reports/{name}"))
    if problems or found is None:
        raise ConfigError(problems)
    return ReportsConfig(
        reports=tuple(_report(folder, chain, report, number) for number, report in enumerate(found.reports)),
        standing_orders=tuple(
            entry for number, order in enumerate(found.standing_orders) for entry in _orders(chain, order, number)
        ),
        document=document,
    )


def _report(folder: Path, chain: Chain, report: LibraryReport, number: int) -> Entry:
    defaults = {"owner": next(iter(chain.operations_recipients), None), "timezone": chain.locations[0].timezone}
    values = {
        **{name: value for name, value in defaults.items() if value},
        **report.model_dump(exclude={"key"}),
        "sql": (folder / "reports" / report.sql).read_text(encoding="utf-8"),
    }
    return Entry(key=report.key, values=values, place=("reports", number))


def _orders(chain: Chain, order: LibraryOrder, number: int) -> list[Entry]:
    place = ("standing_orders", number)
    values = {
        "name": order.name,
        "dag_id": order.report,
        "params": order.params,
        "cron": order.cron,
        "timezone": order.timezone or chain.locations[0].timezone,
    }
    if order.each is None:
        return [Entry(key=order.key, values=values, place=place)]
    markets: dict[str, list[Location]] = {}
    for location in chain.locations:
        markets.setdefault(location.market, []).append(location)
    return [
        Entry(
            key=f"{order.key}/{market}",
            values=values
            | {
                "name": f"{order.name}, {market}",
                "params": order.params | _about(order, market, locations),
                "timezone": order.timezone or _timezone(locations),
            },
            place=place,
        )
        for market, locations in markets.items()
    ]


def _about(order: LibraryOrder, market: str, locations: list[Location]) -> dict[str, Any]:
    if _PLACES[order.report] == "locations":
        # Its mails go to each location's own recipients.
        return {"locations": [location.name for location in locations]}
    recipients = [address for location in locations for address in location.recipients]
    return {"markets": [market], "recipients": list(dict.fromkeys(recipients))}


def _timezone(locations: list[Location]) -> str:
    """The one that most of a market's locations have; the first of them where several do."""
    [(timezone, _)] = Counter(location.timezone for location in locations).most_common(1)
    return timezone
