"""Where people see a run."""


def run_url(run_id: int) -> str:
    """The run's page, behind Airflow's login."""
    from airflow.sdk.configuration import conf

    base_url = conf.get("api", "base_url", fallback="http://localhost:8080")
    return f"{base_url.rstrip('/')}/storekeeper/runs/{run_id}"
