"""The calls that the telephone can make: each a script of what happens, and a label for people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.phone.call import Call, Script
from sandbox.phone.exchange import Exchange
from sandbox.phone.model import Party
from sandbox.phone.scenarios import breakdowns, groups, plain, transfers


@dataclass(frozen=True)
class Scenario:
    label: str
    script: Callable[[Call], Script]

    def seconds(self) -> float:
        """How long it lasts by its own clock: played once where nobody listens."""
        return sum(self.script(Call(Exchange(), datetime.now(UTC), Party(), "")))


SCENARIOS = {
    "nobody_answers": Scenario("Nobody answers", plain.nobody_answers),
    "answered": Scenario("Answered", plain.answered),
    "caller_gives_up": Scenario("The caller gives up", plain.caller_gives_up),
    "hung_up_early": Scenario("The caller leaves during the greeting", plain.hung_up_early),
    "busy": Scenario("Busy", plain.busy),
    "voicemail": Scenario("Voicemail", plain.voicemail),
    "ring_group": Scenario("Ring group: one of three answers", groups.ring_group),
    "queue_answered": Scenario("Queue: answered in the second round", groups.queue_answered),
    "queue_abandoned": Scenario("Queue: the caller gives up", groups.queue_abandoned),
    "queue_timeout": Scenario("Queue: nobody comes in time", groups.queue_timeout),
    "phones_unreachable": Scenario("The phones cannot be reached", plain.phones_unreachable),
    "phones_unregistered": Scenario("No phone is logged in", plain.phones_unregistered),
    "transfer": Scenario("Answered and put through", transfers.transfer),
    "blind_transfer": Scenario("Answered and passed on to nobody", transfers.blind_transfer),
    "restart": Scenario("The telephone system restarts", breakdowns.restart),
    "drop": Scenario("The connection breaks, and the call ends meanwhile", breakdowns.drop),
    "short_drop": Scenario("The connection breaks, and the call goes on", breakdowns.short_drop),
}
