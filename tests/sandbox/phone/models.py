"""What Asterisk's description of ARI (`ari-events.json`, `ari-channels.json`, `ari-bridges.json`) says of the messages
that the stand-in sends: which fields there must be, which there may be, and what is in them.
"""

import re
from typing import Any

# Model: the fields that it must have, the fields that it may have.
MODELS = {
    "Channel": (
        "id name state protocol_id caller connected accountcode dialplan creationtime language",
        "channelvars caller_rdnis tenantid",
    ),
    "CallerID": ("name number", ""),
    "DialplanCEP": ("context exten priority app_name app_data", ""),
    "Bridge": (
        "id technology bridge_type bridge_class creator name channels creationtime",
        "video_mode video_source_id bridgevars",
    ),
    "ApplicationReplaced": ("", ""),
    "BridgeAttendedTransfer": (
        "transferer_first_leg transferer_second_leg result is_external destination_type",
        "replace_channel transferee transfer_target transferer_first_leg_bridge transferer_second_leg_bridge"
        " destination_bridge destination_application destination_link_first_leg destination_link_second_leg"
        " destination_threeway_channel destination_threeway_bridge",
    ),
    "BridgeBlindTransfer": ("channel exten context result is_external", "replace_channel transferee bridge"),
    "BridgeCreated": ("bridge", ""),
    "BridgeDestroyed": ("bridge", ""),
    "ChannelConnectedLine": ("channel", ""),
    "ChannelCreated": ("channel", ""),
    "ChannelDestroyed": ("cause cause_txt channel", "tech_cause"),
    "ChannelDialplan": ("channel dialplan_app dialplan_app_data", ""),
    "ChannelEnteredBridge": ("bridge", "channel"),
    "ChannelHangupRequest": ("channel", "cause tech_cause soft"),
    "ChannelLeftBridge": ("bridge channel", ""),
    "ChannelStateChange": ("channel", ""),
    "ChannelVarset": ("variable value", "channel"),
    "Dial": ("peer dialstatus", "caller forward forwarded dialstring"),
}
EVENT = ("type application timestamp", "asterisk_id")

CHANNEL, BRIDGE = "Channel", "Bridge"
# Field: the model or the type of its value; everything else is text.
TYPES: dict[str, Any] = {
    "caller": {"Channel": "CallerID", "Dial": CHANNEL},
    "connected": "CallerID",
    "dialplan": "DialplanCEP",
    "channelvars": dict,
    "bridgevars": dict,
    "channels": list,
    "priority": int,
    "cause": int,
    "tech_cause": int,
    "soft": bool,
    "is_external": bool,
    **dict.fromkeys(("channel", "peer", "forwarded", "replace_channel", "transferee", "transfer_target"), CHANNEL),
    **dict.fromkeys(("transferer_first_leg", "transferer_second_leg", "destination_link_first_leg"), CHANNEL),
    **dict.fromkeys(("destination_link_second_leg", "destination_threeway_channel"), CHANNEL),
    **dict.fromkeys(("bridge", "transferer_first_leg_bridge", "transferer_second_leg_bridge"), BRIDGE),
    "destination_threeway_bridge": BRIDGE,
}
WORDS = {
    ("Channel", "state"): ["Down", "Rsrved", "OffHook", "Dialing", "Ring", "Ringing", "Up", "Busy"],
    ("Bridge", "bridge_type"): ["mixing", "holding"],
    ("Bridge", "video_mode"): ["none", "talker", "sfu", "single"],
}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")


def check_event(event: dict[str, Any]) -> None:
    """Raises AssertionError where the event is not as described."""
    _check(event["type"], event, *EVENT)


def check(model: str, value: dict[str, Any]) -> None:
    """The same for a channel or a bridge."""
    _check(model, value)


def _check(model: str, value: dict[str, Any], also_required: str = "", also_allowed: str = "") -> None:
    required, allowed = (set(names.split()) for names in MODELS[model])
    required |= set(also_required.split())
    allowed |= required | set(also_allowed.split())
    assert required <= value.keys() <= allowed, f"{model}: {value.keys() ^ required}"
    for name, part in value.items():
        kind = TYPES.get(name, str)
        if isinstance(kind, dict):
            kind = kind[model]
        if isinstance(kind, str):
            _check(kind, part)
        else:
            assert type(part) is kind, f"{model}.{name}: {part!r}"
        if name in ("timestamp", "creationtime"):
            assert DATE.fullmatch(part), f"{model}.{name}: {part!r}"
        assert part in WORDS.get((model, name), [part]), f"{model}.{name}: {part!r}"
