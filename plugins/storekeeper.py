"""Mounts Storekeeper's pages and API in Airflow's api-server, and names the pages in Airflow's navigation."""

from urllib.parse import quote

from airflow.plugins_manager import AirflowPlugin

from include.web.mount import LazyApp

# Within the address, because our own static files are behind the login. A filled sheet, which shows on the dark ground
# of the chosen entry, too.
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="{sheet}" stroke="{ink}" stroke-width="2"\
 stroke-linecap="round"><path d="M4 20V4h11l5 5v11z"/><path d="M8 16v-3m4 3V9m4 7v-5"/></svg>"""


def icon(ink: str, sheet: str) -> str:
    return f"data:image/svg+xml,{quote(ICON.format(ink=ink, sheet=sheet))}"


class StorekeeperPlugin(AirflowPlugin):
    name = "storekeeper"
    fastapi_apps = [{"name": "Storekeeper", "app": LazyApp(), "url_prefix": "/storekeeper"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {
            "name": "Reports",
            # Relative to Airflow's own base URL, which may have a path. The start leads to what one may see.
            "href": "storekeeper/",
            "destination": "nav",
            "nav_top_level": True,
            "url_route": "reports",
            "icon": icon("#3f3f46", "#ffffff"),
            "icon_dark_mode": icon("#d4d4d8", "#27272a"),
        }
    ]
