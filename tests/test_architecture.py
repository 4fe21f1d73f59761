"""The arrows of docs/architecture.md: who may import whom, read from the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ["dags", "plugins", "include", "listener", "sandbox", "stack"]
GROUND = {"config", "square", "google", "mail", "outputs", "warehouse", "inbox", "report_runs"}
SUBJECTS = {
    "sales",
    "products",
    "inventory",
    "calls",
    "online_orders",
    "sql_reports",
    "customers",
    "predictions",
}
# Which room of include/ may know which: a room may always import itself and include.dag_defaults knows mail.
ALLOWED = {
    "config": set(),
    "square": {"config"},
    "google": {"config"},
    "outputs": set(),
    "mail": {"config", "warehouse"},
    "report_runs": {"config", "mail", "outputs", "warehouse"},
    "warehouse": {"config", "square", "mail"},
    "inbox": {"config", "mail", "warehouse"},
    "dag_defaults": {"mail"},
    "web": GROUND | SUBJECTS,
} | {subject: set(GROUND) for subject in SUBJECTS}
# Libraries that have one room each.
OWNED = {
    "square": "include/square",
    "gspread": "include/google",
    "googleapiclient": "include/google",
    "smtplib": "include/mail",
    "pglast": "include/sql_reports/query",
    "xlsxwriter": "include/outputs",
    "duckdb": "include/customers",
    "defusedxml": "include/customers",
    "openpyxl": "include/customers",
    "phonenumbers": "include/customers",
}
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative imports hide the arrow"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def forbidden(path: Path, module: str) -> str | None:
    """Why this file may not import this module, or None."""
    relative = path.relative_to(ROOT)
    room, top = relative.parts[0], module.split(".")[0]
    if top in {"dags", "plugins", "tests", "benchmarks"}:
        return f"nothing imports {top}"
    if top in OWNED and not relative.as_posix().startswith((OWNED[top], "sandbox/")):
        return f"only {OWNED[top]} imports {top}"
    if top == "sandbox" and room not in {"sandbox", "stack"}:
        return "product code never imports the sandbox"
    if top == "stack" and room != "stack":
        return "only the stack knows the stack"
    if top == "include":
        if room in {"sandbox", "listener"}:
            return f"{room} imports nothing of include/"
        if room == "plugins" and not module.startswith("include.web"):
            return "plugins register what include.web offers"
        if room == "include":
            own, other = Path(relative.parts[1]).stem, module.split(".")[1]
            if own != other and other not in ALLOWED[own]:
                return f"include.{own} may not know include.{other}: draw the arrow in docs/architecture.md first"
    return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_imports_only_what_its_room_may_know(path: Path) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {module}: {reason}"
        for line, module in imports(path)
        if (reason := forbidden(path, module))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("include/sales/x.py", "sandbox.app"),
        ("include/sales/x.py", "include.inventory.x"),
        ("include/sales/x.py", "square.client"),
        ("include/config/x.py", "include.mail.outbox"),
        ("sandbox/x.py", "include.config"),
        ("plugins/x.py", "include.warehouse.connection"),
        ("include/web/x.py", "dags.square_sync"),
    ],
)
def test_a_forbidden_arrow_is_noticed(path: str, module: str) -> None:
    assert forbidden(ROOT / path, module) is not None


def test_no_room_is_called_utils() -> None:
    assert [path for path in FILES if path.stem in {"utils", "util", "helpers", "misc", "common"}] == []
