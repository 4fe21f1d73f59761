"""The listener's own requirements: the versions that the project is tested with."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)


def pins(path: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / path).read_text()))


def test_the_listener_runs_with_the_versions_that_the_tests_run_with() -> None:
    tested = pins("requirements-dev.txt")
    own = pins("listener/requirements.txt")
    assert {name: version for name, version in own.items() if tested.get(name, version) != version} == {}
