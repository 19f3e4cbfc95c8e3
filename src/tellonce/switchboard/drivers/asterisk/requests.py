"""What a belief about a call asks of Asterisk. Each looks again at what is believed: it may have changed meanwhile."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from tellonce.kernel.errors import DomainError
from tellonce.switchboard.drivers.asterisk.calls import Call, Ear, Leg, Side
from tellonce.switchboard.drivers.asterisk.client import FAILED, GONE, Ari, AriError
from tellonce.switchboard.drivers.asterisk.numbers import caller_id
from tellonce.switchboard.drivers.asterisk.settings import AsteriskSettings
from tellonce.switchboard.drivers.asterisk.sounds import Sounds
from tellonce.switchboard.drivers.told import WhyNot
from tellonce.switchboard.prompts import Prompt

log = logging.getLogger(__name__)

CHANNEL_LEFT = frozenset({400, 422, *GONE})
"""What `addChannel` answers when one of the channels has just hung up, or left us; an event tells who."""

NotMade = Callable[[WhyNot], None]


class Requests:
    """The requests for calls at one Asterisk."""

    def __init__(self, ari: Ari, settings: AsteriskSettings, sounds: Sounds) -> None:
        self._ari, self._settings, self._sounds = ari, settings, sounds

    async def watch(self, side: Side) -> None:
        """Asks for the events of a caller's channel up to its very end."""
        try:
            await self._ari.post(
                f"/applications/{self._settings.app}/subscription", eventSource=f"channel:{side.channel}"
            )
        except AriError as error:
            if not error.status:
                raise
            log.info("asterisk.not_watched", extra={"status": error.status})

    async def answer(self, side: Side) -> None:
        """Picks up."""
        await self._ari.post(f"/channels/{side.channel}/answer")

    async def say(self, side: Side, playback: str, prompt: Prompt, unsayable: Callable[[], None]) -> None:
        """Plays a prompt; `unsayable` if it cannot be played: no call ends for that."""
        if playback not in side.unsaid:
            return
        try:
            media = await asyncio.to_thread(self._sounds.media, prompt)
            await self.quiet(side)
            if playback not in side.unsaid:
                return
            side.begun.add(playback)
            await self._ari.post(f"/channels/{side.channel}/play", media=media, playbackId=playback)
        except (AriError, DomainError, OSError, LookupError, ValueError) as error:
            if isinstance(error, AriError) and not error.status:
                raise
            log.warning("asterisk.not_said", extra={"call": side.call.id, "error": repr(error)})
            unsayable()

    async def music(self, side: Side) -> None:
        """Plays music, if the customer waits and nothing is being said."""
        if side.has_music or side.unsaid or side.is_leaving or not side.call.waits:
            return
        await self._ari.post(f"/channels/{side.channel}/moh", mohClass=self._settings.music_class)
        side.has_music = True

    async def join(self, call: Call, unsaid: list[str]) -> None:
        """Customer and persons hear each other, and no prompt or music."""
        side = call.side
        if side is None or call.waits:
            return
        for playback in unsaid:
            await self._ari.delete(f"/playbacks/{playback}")
        await self.quiet(side)
        if call.made_bridge != call.bridge:
            await self._make_bridge(call.bridge)
            call.made_bridge = call.bridge
            call.inside.clear()  # what an answer that came late has told of the bridge before
        missing = [each for each in (side.channel, *(leg.channel for leg in call.connected)) if each not in call.inside]
        if not missing:
            return
        try:
            await self._ari.post(f"/bridges/{call.bridge}/addChannel", channel=",".join(missing))
        except AriError as error:
            if error.status not in CHANNEL_LEFT:
                raise
        call.inside.update(missing)

    async def take_out(self, call: Call, channel: str) -> None:
        """One hears the others no more."""
        if channel in call.inside:
            call.inside.discard(channel)
            await self._leave(call.bridge, channel)

    async def part(self, bridge: str) -> None:
        """Nobody hears anybody in it any more."""
        await self._ari.delete(f"/bridges/{bridge}")

    async def ring(self, leg: Leg, user: str, *, caller: tuple[str, str], not_made: NotMade) -> None:
        """Calls a person's phone."""
        if leg.call.legs.get(leg.person) is leg:
            endpoint = self._settings.endpoint_of(user)
            leg.is_made = await self._originate(leg.channel, endpoint, "person", caller_id(*caller), not_made)

    async def dial(self, side: Side, number: str, *, not_made: NotMade) -> None:
        """Calls a customer."""
        if side.call.side is side:
            endpoint, shown = self._settings.trunk_to(number), caller_id(self._settings.shown_number, "")
            side.is_made = await self._originate(side.channel, endpoint, "customer", shown, not_made)

    async def hang_up(self, channel: str) -> None:
        """Ends a channel."""
        await self._ari.delete(f"/channels/{channel}")

    async def refuse(self, channel: str, *, reason: str) -> None:
        """Ends a call that is not ours to take: unallocated (no such number) or congestion (not now)."""
        await self._ari.delete(f"/channels/{channel}", reason=reason)

    async def ring_ear(self, ear: Ear, user: str) -> None:
        """Calls the phone of a supervisor who is to listen in; AriError if there is none to be called."""
        await self._ari.originate(
            endpoint=self._settings.endpoint_of(user), app=self._settings.app, appArgs="supervisor",
            channelId=ear.channel, timeout=str(round(self._settings.ring_limit_s)), callerId=caller_id("", "Listen in"),
        )  # fmt: skip

    async def prick(self, ear: Ear) -> None:
        """Makes the channel that hears both, and that the person hears if the supervisor whispers."""
        await self._ari.post(
            f"/channels/{ear.leg.channel}/snoop", app=self._settings.app, snoopId=ear.snoop, spy="both",
            whisper="out" if ear.whispers else "none", appArgs="supervisor",
        )  # fmt: skip

    async def listen(self, ear: Ear) -> None:
        """The supervisor hears through it."""
        await self._make_bridge(ear.bridge)
        await self._ari.post(f"/bridges/{ear.bridge}/addChannel", channel=f"{ear.channel},{ear.snoop}")

    async def stop_listening(self, ear: Ear) -> None:
        """The supervisor hears no more."""
        for channel in (ear.channel, ear.snoop):
            await self._ari.delete(f"/channels/{channel}")
        await self._ari.delete(f"/bridges/{ear.bridge}")

    async def _make_bridge(self, bridge: str) -> None:
        """Makes it; an attempt whose answer was lost may have made it already."""
        try:
            await self._ari.post("/bridges", type="mixing", bridgeId=bridge)
        except AriError:
            with contextlib.suppress(AriError):
                await self._ari.get(f"/bridges/{bridge}")
                return
            raise

    async def quiet(self, side: Side) -> None:
        """Stops music."""
        if side.has_music:
            await self._ari.delete(f"/channels/{side.channel}/moh")
            side.has_music = False

    async def _leave(self, bridge: str, channel: str) -> None:
        try:
            await self._ari.post(f"/bridges/{bridge}/removeChannel", channel=channel)
        except AriError as error:
            if error.status not in CHANNEL_LEFT:
                raise

    async def _originate(self, channel: str, endpoint: str, role: str, shown: str, not_made: NotMade) -> bool:
        try:
            await self._ari.originate(
                endpoint=endpoint, app=self._settings.app, appArgs=role, channelId=channel, callerId=shown,
                timeout=str(round(self._settings.ring_limit_s)),
            )  # fmt: skip
        except AriError as error:
            if not error.status:
                raise
            log.info("asterisk.not_called", extra={"role": role, "status": error.status})
            not_made(WhyNot.NO_PHONE if role == "person" and error.status == FAILED else WhyNot.NOT_POSSIBLE)
            return False
        return True
