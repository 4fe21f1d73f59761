"""Whether a request that carries a cookie comes from our own pages (OWASP: verifying origin with standard headers)."""

from urllib.parse import urlsplit

from airflow.configuration import conf
from starlette.requests import Request


def is_same_origin(request: Request) -> bool:
    """Browsers tell it in Sec-Fetch-Site (over https, on this machine) and in Origin; who tells neither is refused."""
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is not None and origin in _own_origins(request)


def _own_origins(request: Request) -> set[str]:
    """As the browser names us: by the host that it asked for, and by Airflow's base URL where a proxy renames hosts."""
    base = urlsplit(conf.get("api", "base_url", fallback=""))
    return {f"{request.url.scheme}://{request.url.netloc}", f"{base.scheme}://{base.netloc}"}
