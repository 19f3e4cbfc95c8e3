"""What a fake Asterisk holds, in the shapes that a real one gave (transcript.jsonl)."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

ASTERISK = "02:fc:00:00:00:01"
APP = "tellonce"
_numbers = itertools.count(1)


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def new_id() -> str:
    return f"1795317411.{next(_numbers)}"


@dataclass(eq=False)
class Channel:
    id: str
    name: str
    state: str = "Ring"
    number: str = ""
    caller_name: str = ""
    shown: str = ""
    context: str = "from-pstn"
    exten: str = "s"
    app_name: str = "AppDial2"
    app_data: str = "(Outgoing Line)"
    is_originated: bool = False
    is_in_app: bool = False
    args: list[str] = field(default_factory=list)
    endpoint: str = ""
    music: str = ""
    playing: list[str] = field(default_factory=list)
    bridge: str = ""
    snoops_on: str = ""
    spy: str = ""
    whisper: str = ""
    created: str = field(default_factory=now)

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "protocol_id": f"sip-{self.id}",
            "caller": {"name": self.caller_name, "number": self.number},
            "connected": {"name": "", "number": self.shown},
            "accountcode": "",
            "dialplan": {
                "context": self.context, "exten": self.exten, "priority": 1,
                "app_name": self.app_name, "app_data": self.app_data,
            },
            "creationtime": self.created,
            "language": "en",
        }  # fmt: skip


@dataclass(eq=False)
class Bridge:
    id: str
    channels: list[str] = field(default_factory=list)
    created: str = field(default_factory=now)

    def json(self) -> Json:
        return {
            "id": self.id,
            "technology": "simple_bridge",
            "bridge_type": "mixing",
            "bridge_class": "stasis",
            "creator": "Stasis",
            "name": "",
            "channels": list(self.channels),
            "creationtime": self.created,
            "video_mode": "talker",
        }


@dataclass(eq=False)
class Playback:
    id: str
    media: str
    channel: str
    state: str = "queued"

    def json(self) -> Json:
        return {
            "id": self.id,
            "media_uri": self.media,
            "target_uri": f"channel:{self.channel}",
            "language": "en",
            "state": self.state,
        }


@dataclass(eq=False)
class Live:
    """A recording in progress. What is said on it is put there by the test; nothing is kept while it is muted."""

    name: str
    target: str
    state: str = "queued"
    is_muted: bool = False

    def json(self) -> Json:
        return {"name": self.name, "format": "wav", "state": self.state, "target_uri": self.target}


def shape(value: Any) -> Any:
    """Keys and types."""
    match value:
        case dict():
            return {key: shape(each) for key, each in value.items()}
        case list():
            return ["list", *sorted({str(shape(each)) for each in value})]
        case _:
            return type(value).__name__
