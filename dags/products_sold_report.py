"""
### What it does
Reports what each product and variation sold over a period: units, gross, discounts, refunds, net, tax, modifiers; its
part of the mix, its rank, what it did against the period before and a year before; by location, market, country and
parent company. Price bands, and menu engineering by the recipes' costs. docs/products-sold.md says how it is reckoned.

It writes one Google Sheet for each request (a summary with charts, a tab for each market, all products, menu
engineering) in the Drive folder of the year, shared with the recipients; the same as an XLSX file, which is the run's
file, and is attached to the mail where there is no Google; and one mail with the headline numbers.

Standing orders trigger it (docs/reports.md), and anybody with params: this form, Storekeeper's own, the API, or
`airflow dags trigger products_sold_report --conf '{"period": "last month", "markets": ["Northeast"]}'`.

Last week, month … is the whole one before the day of the request. A week, month … around a date, or around the newest
day, ends with the newest day that has ended everywhere. A rerun replaces the tabs, links to them stay valid, and mails
only if the figures have changed, as a correction.

### Reads and writes
Reads `gold.*`, `bronze.watermark`, and of `inventory` the recipes' costs and what went back on the shelf. Writes files
to `STOREKEEPER_OUTPUTS`, tabs through `google_default`, messages to the outbox, its record to `reports.report_run`.

### When it fails
- *square_sync has reached …*, *gold has yet to take over orders*, *… is not over at …*: the period is not complete. The
  task tries again for two hours; after that, see to `square_sync`, and clear the task.
- A message that begins with a param's name (*markets: …*, *recipients: …*): a param that cannot be; trigger again.
- A Google error: the connection `google_default`, or Google's limits. The file is written by then; the mail waits for
  the sheet's link.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from include.config import load_chain
from include.dag_defaults import DEFAULT_ARGS, OUTBOX, choice_param, date_param, locations_param
from include.products.report.periods import WORDS

CHAIN = load_chain()
LOCATIONS = CHAIN.locations


PARAMS = {
    "period": Param(
        "last week",
        type="string",
        enum=list(WORDS),
        title="Period",
        description="Last week and the like: the whole one before. Week and the like: the one around the date.",
    ),
    "date": date_param("The day to reckon the period from. Empty: the day of the request.", "Date"),
    "markets": choice_param("Markets", (each.market for each in LOCATIONS)),
    "locations": locations_param([each.name for each in LOCATIONS]),
    "countries": choice_param("Countries", (each.country for each in LOCATIONS)),
    "parent_companies": choice_param("Parent companies", (each.parent_company for each in LOCATIONS)),
    "categories": choice_param(
        "Categories",
        [*(each.name for each in CHAIN.products.all_categories()), "No category"],
        "With those below them. None chosen: all.",
    ),
    "group_by": Param(
        "variation",
        type="string",
        enum=["variation", "product"],
        title="A line for each",
        description="Variation: the sizes of a pizza have lines of their own.",
    ),
    "recipients": Param(
        [],
        type="array",
        items={"type": "string"},
        title="Recipients",
        description="Mail addresses. Empty: those of the locations asked for; of all locations: the chain's.",
    ),
    "output": Param(
        "automatic",
        type="string",
        enum=["automatic", "sheet", "xlsx", "both"],
        title="As",
        description="Automatic: a Google Sheet where the chain has Google, else XLSX. The file is made in any case.",
    ),
    "mail": Param(True, type="boolean", title="Send a mail", description="Off: sheet and file only."),
}

# A market's week may end hours before the others', and square_sync may be late: 2 hours.
PATIENCE = {"retries": 7, "retry_delay": timedelta(minutes=2), "max_retry_delay": timedelta(minutes=30)}


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=4,
    dagrun_timeout=timedelta(hours=4),
    default_args=DEFAULT_ARGS | PATIENCE,
    params=PARAMS,
    tags=["sales", "report"],
    doc_md=__doc__,
)
def products_sold_report() -> None:
    @task(outlets=[OUTBOX])
    def report(**context: Any) -> dict[str, Any]:
        from include.products.report.run import report_products

        return report_products(context)

    report()


products_sold_report()
