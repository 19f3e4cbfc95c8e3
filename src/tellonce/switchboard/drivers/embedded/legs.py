"""A phone that rings or talks: its SIP dialog and its sound, as calls see it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sippy.CCEvents import (
    CCEventConnect,
    CCEventDisconnect,
    CCEventFail,
    CCEventInfo,
    CCEventRedirect,
    CCEventRing,
    CCEventTry,
    CCEventUpdate,
)
from sippy.Core.EventDispatcher import ED2
from sippy.MsgBody import MsgBody
from sippy.SipCallId import SipCallId

from tellonce.switchboard.drivers.embedded import sdp
from tellonce.switchboard.drivers.embedded.dialogs import (
    Dialog,
    Try,
    clean_name,
    clean_user,
    contact_at,
    pick_up_headers,
)
from tellonce.switchboard.drivers.embedded.guarding import Mishaps
from tellonce.switchboard.drivers.embedded.keys import key_of_info
from tellonce.switchboard.drivers.embedded.media import Media, Relay
from tellonce.switchboard.drivers.embedded.phones import Leg, Side
from tellonce.switchboard.drivers.told import WhyNot

NO_REPLY_S = 4.0
"""A phone that does not even say that it is trying within this time is not there."""

_WHY = {
    486: WhyNot.BUSY, 600: WhyNot.BUSY, 603: WhyNot.DECLINED, 403: WhyNot.DECLINED, 408: WhyNot.NO_ANSWER,
    480: WhyNot.NO_ANSWER, 487: WhyNot.NO_ANSWER,
}  # fmt: skip


_LOST_CAUSE = 503


class Stage(Enum):
    """How far a phone has come."""

    NEW = "new"
    RINGING = "ringing"
    UP = "up"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Place:
    """What all legs share: where they are, and what they use."""

    world: dict[str, Any]
    relay: Relay
    mishaps: Mishaps
    host: str
    port: int
    ended: Callable[["SipLeg"], None]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call out goes: the next hop, the user there, what we show and sign in with, and whether to pick up."""

    host: str
    port: int
    user: str
    shown_number: str
    shown_name: str = ""
    contact: str = ""
    sign_in: tuple[str, str] | None = None
    picks_up: bool = False


class SipLeg:
    """Runs in sippy's thread. `side` is told what the phone does; sound is there as soon as ports are."""

    def __init__(self, place: Place, codec: int = sdp.PCMU) -> None:
        self._place, self.codec = place, codec
        self.media = Media(place.relay)
        self.side: Side | None = None
        self.stage = Stage.NEW
        self.heard: sdp.Sound | None = None
        self._version = 0
        self._ua: Any = None
        self._came: Callable[[SipLeg], None] | None = None

    # A call that comes in

    def take(self, request: Any, transaction: Any, came: Callable[["SipLeg"], None]) -> Any:
        """Somebody calls; `came` is told once we could answer. Gives what sippy wants."""
        self._came = came
        self._ua = Dialog(self._place.world, self._place.mishaps.guard(self._happened))
        self._ua.lContact = contact_at("care", self._place.host, self._place.port)
        try:
            return self._ua.recvRequest(request, transaction)
        except Exception:
            self._over()
            raise

    def _tried(self, body: Any) -> None:
        try:
            self.heard = sdp.read(str(body) if body is not None else "")
        except sdp.SdpError as error:
            self._fail(488, "Not Acceptable Here", str(error))
            return
        self.codec, self.stage = self.heard.codecs[0], Stage.RINGING
        self.media.open(self._place.mishaps.guard(self._opened_for_caller))

    def _opened_for_caller(self, is_open: bool) -> None:
        if self.stage is Stage.OVER:
            return
        if not is_open or self.heard is None or self._came is None:
            self._fail(503, "Service Unavailable", "No media ports are free")
            return
        self.media.face(self.heard, self.codec)
        self._ua.recvEvent(CCEventRing((180, "Ringing", None)))
        self._came(self)

    def answer(self) -> None:
        if self.stage is Stage.RINGING and self.heard is not None:
            self.stage = Stage.UP
            self._ua.recvEvent(CCEventConnect((200, "OK", self._answer_to(self.heard))))

    def _answer_to(self, heard: sdp.Sound) -> Any:
        self._version += 1
        return MsgBody(sdp.answer(heard, self._place.host, self.media.port, self.codec, self._version))

    # A call that goes out

    def call(self, target: Target, side: Side) -> None:
        """Rings whoever is there."""
        self.side, self.stage = side, Stage.RINGING

        def opened(is_open: bool) -> None:
            if self.stage is Stage.RINGING:
                self._invite(target) if is_open else self._not_reached(WhyNot.NOT_POSSIBLE)

        self.media.open(self._place.mishaps.guard(opened))

    def _invite(self, target: Target) -> None:
        user, password = target.sign_in or (None, None)
        at = (target.host, target.port)
        self._ua = Dialog(self._place.world, self._place.mishaps.guard(self._happened), user, password, at)
        self._ua.no_reply_time = NO_REPLY_S
        shown = clean_user(target.shown_number)
        self._ua.lContact = contact_at(shown, self._place.host, self._place.port)
        body = MsgBody(sdp.offer(self._place.host, self.media.port, self.codec))
        event = Try((SipCallId(), shown, target.user, body, None, clean_name(target.shown_name) or None))
        event.contact = target.contact
        if target.picks_up:
            event.extra_headers = pick_up_headers(self._place.host)
        self._ua.recvEvent(event)

    def _was_answered(self, body: Any) -> None:
        try:
            heard = sdp.read(str(body) if body is not None else "")
        except sdp.SdpError:
            heard = None
        if heard is None or self.codec not in heard.codecs:
            self._not_reached(WhyNot.NOT_POSSIBLE)
            ED2.callFromThread(self._hang_up)  # after sippy's ACK
            return
        self.heard, self.stage = heard, Stage.UP
        self.media.face(heard, self.codec)
        if self.side is not None:
            self.side.answered()

    def _not_reached(self, why: WhyNot) -> None:
        self._over()
        if self.side is not None:
            self.side.not_reached(why)

    # While it is up

    def _happened(self, event: Any, _ua: Any) -> None:
        """What sippy tells; the data of each event are its own."""
        if self.stage is Stage.OVER:
            return
        match event:
            case CCEventTry():
                self._tried(event.getData()[3])
            case CCEventConnect() if self.stage is Stage.RINGING:
                self._was_answered(event.getData()[2])
            case CCEventUpdate():
                self._changed(event.getData())
            case CCEventInfo():
                key = key_of_info(str(event.getData()))
                if key:
                    self.pressed(key)
            case CCEventRedirect() | CCEventFail():
                self._failed(event)
            case CCEventDisconnect():
                self._disconnected(is_lost=_says_lost(event))

    def _changed(self, body: Any) -> None:
        """The phone puts us on hold, takes us back, or hears elsewhere (a re-INVITE)."""
        try:
            heard = sdp.read(str(body) if body is not None else "")
        except sdp.SdpError as error:
            self._fail(488, "Not Acceptable Here", str(error))
            return
        if self.codec not in heard.codecs:
            self._fail(488, "Not Acceptable Here", "The codec of a call stays as it is")
            return
        self.heard = heard
        if heard.address != "0.0.0.0":  # noqa: S104 - the old way to hold
            self.media.face(heard, self.codec)
        self._ua.recvEvent(CCEventConnect((200, "OK", self._answer_to(heard))))

    def _failed(self, event: Any) -> None:
        code = event.getData()[0]
        if self.stage is Stage.RINGING and self._came is None:
            self._not_reached(_WHY.get(code, WhyNot.NOT_POSSIBLE))
        elif self.stage is Stage.UP:
            self.lost()

    def _disconnected(self, *, is_lost: bool) -> None:
        is_ours, was_up = self._came is None, self.stage is Stage.UP
        self._over()
        if self.side is None:
            return
        if is_ours and not was_up:
            self.side.not_reached(WhyNot.NO_PHONE)
        else:
            self.side.gone(is_lost=is_lost and is_ours)

    def pressed(self, key: str) -> None:
        """A key, as sound or in a message."""
        if self.side is not None and self.stage is Stage.UP:
            self.side.pressed(key)

    def lost(self) -> None:
        """Nothing comes from the phone any more."""
        self._hang_up()
        self._over()
        if self.side is not None:
            self.side.gone(is_lost=True)

    # What calls order

    def end(self) -> None:
        if self.stage is Stage.OVER:
            return
        if self._came is not None and self.stage is not Stage.UP:
            self._fail(480, "Temporarily Unavailable", "")
        self._hang_up()
        self._over()

    def speak_to(self, other: Leg | None) -> None:
        if self.stage is not Stage.OVER:
            self.media.speak_to(other.media if isinstance(other, SipLeg) else None)

    def stop_speaking_to(self, other: Leg) -> None:
        if isinstance(other, SipLeg) and self.media.speaks_to(other.media):
            self.speak_to(None)

    def play(self, path: str, *, is_endless: bool) -> None:
        if self.stage is Stage.UP:
            self.media.play(path, is_endless=is_endless)

    def stop_playing(self) -> None:
        if self.stage is Stage.UP:
            self.media.stop_playing()

    def record(self, name: str) -> None:
        if self.stage is Stage.UP:
            self.media.record(name)

    def _fail(self, code: int, reason: str, why: str) -> None:
        event = CCEventFail((code, reason))
        if why:
            event.setWarning(why)
        self._ua.recvEvent(event)
        if self.stage is not Stage.UP:
            self._over()

    def _hang_up(self) -> None:
        if self._ua is not None and not self._ua.isDead():
            self._ua.recvEvent(CCEventDisconnect())

    def _over(self) -> None:
        if self.stage is not Stage.OVER:
            self.stage = Stage.OVER
            self.media.close()
            self._place.ended(self)


def _says_lost(event: Any) -> bool:
    """Whether a phone that ends says (RFC 3326) that its person has not hung up: one in a browser that is gone."""
    reason = event.reason_rfc3326
    return reason is not None and reason.cause == _LOST_CAUSE
