"""What went wrong, as a page that says what to do."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from include.web.pages.rendering import page, wants_part
from include.web.problems import Problem
from include.web.security import User

TITLES = {
    404: "There is nothing here",
    422: "That cannot be",
    500: "Something went wrong on our side",
    503: "Not available now",
}


def error_page(request: Request, problem: Problem) -> HTMLResponse:
    """The whole page, or a notice where htmx wanted a part."""
    template = "error_part.html" if wants_part(request) else "error.html"
    answer = page(
        request,
        template,
        problem.status,
        user=_user(request),
        problem=problem,
        title=TITLES.get(problem.status, problem.title),
    )
    answer.headers.update(problem.headers)
    return answer


def _user(request: Request) -> User | None:
    user = getattr(request.state, "airflow_user", None)
    return User(user.get_name(), None, user) if user else None
