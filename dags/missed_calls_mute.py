"""
### What it does
Keeps `missed_calls` silent about one department for some hours: no mail about missed calls, to IT, or of the all-clear.
Calls of that time are kept and stand in the summary of the day, but no alert tells of them afterwards either. A new
request replaces the one that lasts; 0 hours end it.

Trigger it in the UI, or
`airflow dags trigger missed_calls_mute --conf '{"location": "Manhattan", "department": "Catering", "hours": 2,
"reason": "the line is being moved"}'`. The runs are the record of who asked, and why.

### Reads and writes
Reads `phones.yaml`; writes `calls.mute`.

### When it fails
- *department: … has no …*: that location has no such department in `phones.yaml`; trigger again with one it has.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from include.config import load_chain
from include.dag_defaults import DEFAULT_ARGS

PHONES = load_chain().phones.locations
LOCATIONS = [phones.location for phones in PHONES]
DEPARTMENTS = list(dict.fromkeys(department.name for phones in PHONES for department in phones.departments))

PARAMS = {
    "location": Param(
        LOCATIONS[0] if LOCATIONS else "",
        type="string",
        enum=LOCATIONS or [""],
        title="Location",
        description="Where the department answers.",
    ),
    "department": Param(
        DEPARTMENTS[0] if DEPARTMENTS else "",
        type="string",
        enum=DEPARTMENTS or [""],
        title="Department",
        description="Which department is to have no alerts.",
    ),
    "hours": Param(
        2,
        type="number",
        minimum=0,
        maximum=24 * 14,
        title="Hours",
        description="For how long from now on. 0 ends a silence that lasts.",
    ),
    "reason": Param(
        "asked for",
        type="string",
        minLength=1,
        maxLength=200,
        title="Reason",
        description="For those who wonder later why no mail came.",
    ),
}


@dag(
    schedule=None,
    default_args=DEFAULT_ARGS,
    max_active_runs=4,
    # A request that waited for being switched on would come too late.
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(minutes=15),
    catchup=False,
    params=PARAMS,
    tags=["calls"],
    doc_md=__doc__,
)
def missed_calls_mute() -> None:
    @task
    def mute(**context: Any) -> str:
        from airflow.sdk.exceptions import AirflowFailException

        from include.calls.mutes import mute_department

        run, params = context["dag_run"], context["params"]
        try:
            return mute_department(
                params["location"],
                params["department"],
                hours=params["hours"],
                reason=params["reason"],
                mute_id=run.run_id,
                muted_by=run.triggering_user_name or "unknown",
                run_at=run.run_after,
            )
        except ValueError as error:
            # Trying again changes no param.
            raise AirflowFailException(str(error)) from error

    mute()


missed_calls_mute()
