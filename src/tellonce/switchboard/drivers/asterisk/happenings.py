"""What Asterisk's events mean: each changes what we believe, and is told on in the switchboard's words."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

from tellonce.switchboard.drivers.asterisk.calls import Book, Call, Ear, Leg, Side
from tellonce.switchboard.drivers.asterisk.causes import is_broken, why_not
from tellonce.switchboard.drivers.asterisk.conversations import Conversations
from tellonce.switchboard.drivers.asterisk.numbers import in_full
from tellonce.switchboard.drivers.asterisk.phones import Phones
from tellonce.switchboard.drivers.asterisk.recording import Expected
from tellonce.switchboard.drivers.asterisk.settings import AsteriskSettings
from tellonce.switchboard.drivers.driver import Sink
from tellonce.switchboard.drivers.told import (
    Called,
    CustomerAnswered,
    CustomerNotReached,
    Gone,
    KeySent,
    LineBroke,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
)

log = logging.getLogger(__name__)

INBOUND = "inbound"
"""The argument that extensions.conf gives to `Stasis` for a caller."""

HANG_UP_EXTENSION = "h"
"""Asterisk runs it when a channel ends; a pattern that matches it sends us the ended channel as a new one."""

CAUSE_WITHIN_S: Final = 0.5
"""Why a channel left us is told when it is destroyed, at once unless the dial plan goes on with it. The `cause` of a
request to hang up may be a flag of Asterisk's own (32: a soft hang-up) and is not read."""


class Happenings:
    """Events in, beliefs and tellings out. An event of a shape that we do not know changes nothing."""

    def __init__(
        self, *, settings: AsteriskSettings, book: Book, phones: Phones, conversations: Conversations,
        expected: Expected, tell: Sink,
    ) -> None:  # fmt: skip
        self._settings, self._book, self._phones = settings, book, phones
        self._conversations, self._expected, self._tell = conversations, expected, tell
        self.takes_calls = True

    def happened(self, event: Mapping[str, Any]) -> None:
        """One event of Asterisk."""
        match event:
            case {
                "type": "StasisStart",
                "args": [*args],
                "channel": {
                    "id": str(),
                    "caller": {"name": str(), "number": str()},
                    "dialplan": {"context": str(), "exten": str()},
                } as channel,
            }:
                self.entered(channel, args)
            case {"type": "ChannelDestroyed", "cause": int(cause), "channel": {"id": str(channel)}}:
                self.ended(channel, cause=cause)
            case {"type": "StasisEnd", "channel": {"id": str(channel)}}:
                asyncio.get_running_loop().call_later(CAUSE_WITHIN_S, self.ended, channel)
            case {"type": "Dial", "dialstatus": str(status), "peer": {"id": str(channel)}}:
                self._note(channel, status=status)
            case {"type": "ChannelDtmfReceived", "digit": str(digit), "channel": {"id": str(channel)}}:
                self._key(channel, digit)
            case {"type": "PlaybackFinished", "playback": {"id": str(playback)}}:
                self._conversations.said(playback)
            case {"type": "RecordingFinished" | "RecordingFailed", "recording": {"name": str(name)}}:
                self._expected.met("recorded", name)
            case {"type": "EndpointStateChange", "endpoint": {"technology": str(), "resource": str()} as endpoint}:
                self._phones.changed(endpoint)

    def entered(self, channel: Mapping[str, Any], args: list[str]) -> None:
        """A channel is ours from now on: a caller, or somebody whom we called has picked up."""
        taking_part = self._book.channels.get(channel["id"])
        match taking_part:
            case Leg() if not taking_part.is_up:
                taking_part.is_up = True
                self._tell(PersonAnswered(taking_part.call.id, taking_part.person))
            case Side(is_dialled=True) if not taking_part.is_up:
                taking_part.is_up = True
                self._tell(CustomerAnswered(taking_part.call.id))
            case Ear():
                self._conversations.ear_entered(taking_part, channel["id"])
            case None if not self._expected.met("entered", channel["id"]):
                self._came(channel, args)

    def _came(self, channel: Mapping[str, Any], args: list[str]) -> None:
        """A channel that we did not make: a caller, or somebody who picked up too late."""
        entry = self._entry_of(channel)
        if args[:1] != [INBOUND] or channel["dialplan"]["exten"] == HANG_UP_EXTENSION:
            self._conversations.refuse(channel["id"], reason="normal")
        elif entry is None:
            log.warning("asterisk.not_ours", extra={"context": channel["dialplan"]["context"]})
            self._conversations.refuse(channel["id"], reason="unallocated")
        elif not self.takes_calls:
            self._conversations.refuse(channel["id"], reason="congestion")
        else:
            call = self._conversations.opened(channel["id"])
            call.side = self._book.channels[channel["id"]] = Side(channel["id"], call, is_made=True)
            self._conversations.watch(call)
            caller = channel["caller"]
            self._tell(Called(call.id, entry, in_full(caller["number"], self._settings.country), caller["name"]))

    def _entry_of(self, channel: Mapping[str, Any]) -> str | None:
        dialled = channel["dialplan"]["exten"]
        candidates = (dialled, in_full(dialled, self._settings.country))
        return next((each for each in candidates if each in self._settings.entries), None)

    def ended(self, channel: str, *, cause: int = 0) -> None:
        """A channel is gone; the second event of the same is none."""
        self._note(channel, cause=cause)
        match self._book.channels.pop(channel, None):
            case Leg() as leg:
                self._person_gone(leg)
            case Side(is_leaving=False) as side:
                self._customer_gone(side)
            case Ear() as ear:
                self._conversations.listener_gone(ear)

    def _person_gone(self, leg: Leg) -> None:
        """Who hangs up ends the call; where a phone was lost the customer waits for somebody else."""
        call, is_lost = leg.call, is_broken(leg.cause)
        self._conversations.left(leg)
        if leg.is_up:
            if is_lost and leg.is_connected and not call.connected:
                self._conversations.wait(call)
            self._tell(PersonGone(call.id, leg.person, is_lost=is_lost))
        else:
            self._tell(PersonNotReached(call.id, leg.person, why_not(leg.cause, leg.status)))

    def _customer_gone(self, side: Side) -> None:
        call: Call = side.call
        self._conversations.customer_left(call)
        if side.is_dialled and not side.is_up:
            self._tell(CustomerNotReached(call.id, why_not(side.cause, side.status)))
        elif is_broken(side.cause):
            self._tell(LineBroke(call.id))
        else:
            self._tell(Gone(call.id))

    def _note(self, channel: str, *, cause: int = 0, status: str = "") -> None:
        taking_part = self._book.channels.get(channel)
        if isinstance(taking_part, Leg | Side):
            taking_part.cause = cause or taking_part.cause
            taking_part.status = status or taking_part.status

    def _key(self, channel: str, digit: str) -> None:
        taking_part = self._book.channels.get(channel)
        if isinstance(taking_part, Side) and not taking_part.is_leaving:
            self._tell(KeySent(taking_part.call.id, digit))
