import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    # supervisor warns that it reads the version by pkg_resources, on Pythons that have it.
    warnings.simplefilter("ignore")
    from supervisor.options import ServerOptions

from stack.home import Home
from stack.postgres import EmbeddedPostgres
from stack.run import LEFT_OVER_SECONDS, ORDERLY_STOP_SECONDS
from stack.supervision import STOP_ORDER, configuration, programs


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / 'a "100%" home')
    home.create()
    return home


def test_supervisor_reads_back_the_commands_of_a_home_with_an_odd_name(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    components = programs(EmbeddedPostgres(home.folder), "8793")
    for component in components:
        component.__dict__["user"] = None  # only root may name another user
    file = home.folder / "supervisord.conf"
    file.write_text(configuration(home, home.folder / "socket.ctl", components))
    monkeypatch.chdir(home.folder)
    options = ServerOptions()
    options.realize(args=["-c", str(file)])
    commands = {
        process.name: process.command for group in options.process_group_configs for process in group.process_configs
    }
    assert commands.keys() == {component.name for component in components}
    assert str(EmbeddedPostgres(home.folder).data) in commands["postgres"].replace('\\"', '"')
    options.cleanup()


def test_every_component_comes_back_and_ends_with_its_group(home: Home) -> None:
    components = programs(EmbeddedPostgres(home.folder), "8793")
    text = configuration(home, home.folder / "socket.ctl", components)
    assert text.count("autorestart=true") == len(components)
    assert text.count("killasgroup=true") == len(components)


def test_an_orderly_stop_fits_into_the_promised_20_seconds(home: Home) -> None:
    components = programs(EmbeddedPostgres(home.folder), "8793")
    slowest = [max(c.stop_seconds for c in components if c.group == group) for group in STOP_ORDER]
    assert sum(slowest) < ORDERLY_STOP_SECONDS
    assert ORDERLY_STOP_SECONDS + LEFT_OVER_SECONDS < 20
