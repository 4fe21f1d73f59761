"""
### What it does
Answers, over any time: what was used and sold, what it brought in, what its ingredients cost, and what was left. By
ingredient, item, variation, modifier or location, and by location besides; per day, week, month, quarter or year.
Trigger it with params. It writes a CSV file to `outputs/` and two tabs of the Google Sheet *Stock analysis*: all rows,
and a chart of the largest groups. The address of the chart is what the task returns.

Cost is that of the recipes' ingredients at what they cost on the business day. Items and variations hold their
modifiers. An ingredient's revenue is its part of what was sold, shared out as the cost is; whatever it is grouped by
adds up to the same revenue and cost. docs/inventory-reports.md says how, and how to ask the same in SQL.

### Reads and writes
Reads the views of the schema `reporting`. Writes a file to `STOREKEEPER_OUTPUTS`, tabs through `google_default`, and
with `mail` a message to the outbox. A rerun replaces the tabs and mails nothing twice.

### When it fails
- *square_sync has reached …*, *inventory_deduction has yet to take …*: the last days are not complete; the task tries
  again by itself, or end a day earlier.
- *start: …*, *end: …*, *locations: …*: a param that cannot be; trigger again with another.
- A Google error: the connection `google_default`, or Google's limits. The file is written by then.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from include.config import load_chain
from include.dag_defaults import DEFAULT_ARGS, OUTBOX, date_param, locations_param

GROUPS = ["ingredient", "item", "variation", "modifier"]

PARAMS = {
    "start": date_param("The first business day. Empty: a year before the last.", "From"),
    "end": date_param("The last business day, included. Empty: the newest that has ended everywhere.", "To"),
    "grain": Param(
        "month",
        type="string",
        enum=["day", "week", "month", "quarter", "year"],
        title="Per",
        description="The periods to add up by. Weeks begin on Monday.",
    ),
    "group_by": Param(
        "ingredient",
        type="string",
        enum=[*GROUPS, "location", *(f"{group} and location" for group in GROUPS)],
        title="Grouped by",
        description="What has a row of its own in each period.",
    ),
    "measure": Param(
        "cost",
        type="string",
        enum=["quantity", "revenue", "cost", "profit"],
        title="Chart of",
        description="What the chart shows and the mail is sorted by. The table has all of them.",
    ),
    "locations": locations_param([location.name for location in load_chain().locations]),
    "mail": Param(
        False,
        type="boolean",
        title="Send a mail",
        description="To the chain's report addresses, with the largest groups and the sheet's address.",
    ),
}


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=2,
    dagrun_timeout=timedelta(hours=2),
    default_args=DEFAULT_ARGS,
    params=PARAMS,
    tags=["inventory", "report"],
    doc_md=__doc__,
)
def inventory_analysis() -> None:
    @task(outlets=[OUTBOX])
    def analyse(**context: Any) -> dict[str, Any]:
        from include.inventory.reports.analysis.run import analyse

        return analyse(context)

    analyse()


inventory_analysis()
