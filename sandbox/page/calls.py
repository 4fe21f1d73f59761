"""The latest calls, as the page shows them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandbox.online_orders import desk
from sandbox.phone.directory import BY_NUMBER
from sandbox.phone.scenarios import SCENARIOS
from sandbox.phone.telephone import Telephone
from sandbox.state import State


@dataclass(frozen=True)
class Call:
    """``placed_at`` is by the clock of the location that was rung."""

    dialled: str
    caller: str
    what: str
    placed_at: datetime


def newest(state: State, telephone: Telephone, most: int) -> list[Call]:
    zones = {location["name"]: ZoneInfo(location["timezone"]) for location in desk.locations(state)}
    shown = []
    for call in telephone.calls(most):
        department = BY_NUMBER.get(call["dialled_number"])
        zone = zones.get(department.location, UTC) if department else UTC
        scenario = SCENARIOS.get(call["scenario"])
        shown.append(
            Call(
                dialled=f"{department.location}, {department.name}" if department else call["dialled_number"],
                caller=" ".join(filter(None, [call["caller_name"], call["caller_number"]])),
                what=scenario.label if scenario else call["scenario"],
                placed_at=datetime.fromisoformat(call["placed_at"]).astimezone(zone),
            )
        )
    return shown
