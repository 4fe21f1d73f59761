"""phones.yaml: the departments that answer the phones, and when a missed call is worth a mail."""

import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from include.config.locations import OpeningHours
from include.config.model import MailAddress, Many, Model, Name

# How a call can end that nobody answered, in the listener's words.
MissedOutcome = Literal[
    "CALLER_GAVE_UP",
    "RANG_OUT",
    "BUSY",
    "PHONES_UNREACHABLE",
    "VOICEMAIL",
    "HUNG_UP_EARLY",
    "QUEUE_ABANDONED",
    "QUEUE_TIMEOUT",
    "QUEUE_FULL",
    "QUEUE_EMPTY",
]
EVERY_OUTCOME: tuple[MissedOutcome, ...] = MissedOutcome.__args__  # type: ignore[attr-defined]


def digits(number: str | None) -> str | None:
    """What tells one telephone number from another: its digits. None of a number that is withheld."""
    return re.sub(r"\D", "", number or "") or None


def _number(value: str) -> str:
    if not re.fullmatch(r"\+?[\d ()./-]*\d[\d ()./-]*", value):
        raise ValueError(f'{value!r} is no telephone number: write it in quotes, as "+1 212 555 0101"')
    return value


def _opening_hours(value: Any) -> Any:
    """``always`` is every day from midnight to midnight."""
    if value == "always":
        return dict.fromkeys(OpeningHours.model_fields, "00:00-24:00")
    if isinstance(value, str):
        raise ValueError(f'{value!r} are no opening hours: write "always", or the times of each weekday')
    return value


Defaults = TypeVar("Defaults", bound=Model)


class Overriding(Model):
    """Settings that may be given in part, where the rest is said elsewhere."""

    def over(self, defaults: Defaults) -> Defaults:
        """What is set here, and of the rest what `defaults` say."""
        update = {}
        for name in type(defaults).model_fields.keys() & self.model_fields_set:
            value, default = getattr(self, name), getattr(defaults, name)
            update[name] = value.over(default) if isinstance(value, Overriding) else value
        return defaults.model_copy(update=update)


Minutes = Annotated[int, Field(ge=1, le=24 * 60)]
Seconds = Annotated[int, Field(ge=0, le=3600)]
Count = Annotated[int, Field(ge=1)]


class Unreachable(Overriding):
    """When IT hears of calls that no telephone rang for. Without recipients it is the chain's operations."""

    call_count: Count = 2
    window_minutes: Minutes = 15
    # One dead telephone fails every call: so long there is no further mail, and the next one tells of all.
    quiet_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 15
    recipients: Many[MailAddress] = ()


class CallRules(Overriding):
    """Which missed calls count, how many are worth a mail, and what is a quick answer."""

    window_minutes: Minutes = 60
    missed_count: Count = 5
    counted_outcomes: Annotated[Many[MissedOutcome], Field(min_length=1)] = EVERY_OUTCOME
    # Who hangs up sooner does not count: a wrong number, a change of mind.
    short_abandon_seconds: Seconds = 5
    service_level_seconds: Seconds = 20
    all_clear: bool = False
    unreachable: Unreachable = Unreachable()


class Department(CallRules):
    """Who answers some numbers at a location. What is not set here is as in the file's `defaults`."""

    name: Name
    numbers: Many[Annotated[str, StringConstraints(max_length=40), AfterValidator(_number)]] = ()
    # The phone system's own word for it, for systems whose calls carry no number that was dialled.
    phone_system_name: Name | None = None
    # Without them the location's.
    opening_hours: Annotated[OpeningHours | None, BeforeValidator(_opening_hours)] = None
    recipients: Many[MailAddress] = ()


class LocationPhones(Model):
    """The departments of one location."""

    location: Name
    departments: Annotated[Many[Department], Field(min_length=1)]


class Phones(Model):
    """The whole of phones.yaml."""

    defaults: CallRules = CallRules()
    locations: Many[LocationPhones] = ()
