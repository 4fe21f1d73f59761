"""Where people see a partner's files, behind Airflow's login."""

from datetime import date


def partner_url() -> str:
    """The page of all days, where files are uploaded."""
    from airflow.sdk.configuration import conf

    base_url = conf.get("api", "base_url", fallback="http://localhost:8080")
    return f"{base_url.rstrip('/')}/storekeeper/partner"


def day_url(delivery_date: date) -> str:
    """The page of a day: its files, their problems, its reports."""
    return f"{partner_url()}/{delivery_date}"
