"""A call of a browser's phone, as its SIP side has it: what stands until it is over, and what is kept for a restart."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tellonce.audio.messages import Message, address_in
from tellonce.switchboard.drivers.embedded import sdp


class Stage(StrEnum):
    """How far it has come."""

    RINGING = "ringing"
    UP = "up"
    OVER = "over"


@dataclass(slots=True, eq=False)
class Call:
    """One that rings at somebody, or that they have.

    Attributes:
        user: whose phone it is.
        ours: our end, as To of the gateway's requests and From of ours.
        theirs: the gateway's end.
        target: the address of our own requests.
        sequence: of our last request.
        codec: RTP payload type of what both sides send.
        host, port: where the gateway wants to hear the person.
        media_port: where we hear the gateway.
    """

    user: str
    call_id: str
    ours: str
    theirs: str
    target: str
    codec: int
    host: str
    port: int
    media_port: int = 0
    sequence: int = 0
    stage: Stage = Stage.RINGING

    def kept(self) -> dict[str, Any]:
        """Plain values, for a restart."""
        return asdict(self) | {"stage": str(self.stage)}

    @staticmethod
    def of_kept(plain: dict[str, Any]) -> "Call":
        """The same again."""
        return Call(**{**plain, "stage": Stage(plain["stage"])})


def call_of(invite: Message, tag: str) -> Call:
    """What an INVITE asks for; SdpError where it is no sound that we can take."""
    sound = sdp.read(invite.body)
    return Call(
        user=invite.user,
        call_id=invite.get("call-id"),
        ours=f"{invite.get('to')};tag={tag}",
        theirs=invite.get("from"),
        target=address_in(invite.get("contact")),
        codec=sound.codecs[0],
        host=sound.address,
        port=sound.port,
    )
