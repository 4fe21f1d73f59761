"""The name this machine goes by in the demo: Airflow's ``[core] hostname_callable``."""


def hostname() -> str:
    return "127.0.0.1"
