"""The phones of this process: each a person's browser on the one side, and a user of the gateway on the other."""

import asyncio
import json
import logging
import secrets
import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tellonce.audio.agent import Agent, Told
from tellonce.audio.calls import Call, Stage
from tellonce.audio.counts import Counts, Failure, Lost
from tellonce.audio.ice import Ice
from tellonce.audio.line import ElsewhereError, Line, NoPhoneError, NothingRingsError, Times, UserOf
from tellonce.audio.peers import Around, OfferError, Peer
from tellonce.audio.sound import Sound

log = logging.getLogger(__name__)


class Lines:
    """All of them. `file` keeps the calls that are up, for a process that takes them up after this one."""

    def __init__(
        self, gateway: tuple[str, int], *, user_of: UserOf, file: Path, times: Times | None = None,
        ice: Ice | None = None, clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._gateway, self._user_of, self._file, self._times = gateway, user_of, file, times or Times()
        self._ice, self._clock = ice or Ice(), clock
        self.counts = Counts()
        self._by_user: dict[str, Line] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self.agent = Agent(gateway, Told(self._rings, self._over, self._keep, self._refused))

    @property
    def all(self) -> list[Line]:
        """Those that there are."""
        return list(self._by_user.values())

    async def lost(self) -> Lost:
        """Packets of sound that did not arrive since this process began."""
        found = self.counts.lost
        for peer in [line.peer for line in self.all if line.peer is not None]:
            found += await peer.lost()
        return found

    async def start(self) -> None:
        """Takes up what the process before this one had."""
        kept = self._read()
        loop = asyncio.get_running_loop()
        for port in (kept.get("port", 0), 0):
            try:
                await loop.create_datagram_endpoint(lambda: self.agent, local_addr=(_towards(self._gateway), port))
                break
            except OSError:
                if not port:
                    raise
        for each in kept.get("lines", ()):
            await self._take_up(each)

    async def _take_up(self, kept: dict[str, Any]) -> None:
        line = self._by_user[kept["user"]] = Line(kept["person"], kept["user"])
        line.seat, line.session = kept["seat"], kept["session"]
        self._leave_later(line)
        if kept["call"]:
            line.call = Call.of_kept(kept["call"])
            self.agent.take_up(line.call)
            try:
                await self._open_sound(line, line.call)
            except OSError:  # somebody else has its port by now
                self.counts.failed[Failure.LEFT] += 1
                self.agent.lose(line.call)
            else:
                self._beside(self.agent.check(line.call))

    async def close(self) -> None:
        """Ends without hanging up."""
        self._keep()
        for line in self.all:
            self._stay(line)
            if line.sound is not None:
                line.sound.close()
            if line.peer is not None:
                await line.peer.close()
        await self.agent.close()

    # -- what browsers ask

    async def open(self, person: int, *, offer: str, seat: str, session: str, is_taken: bool) -> tuple[str, Peer]:
        """Connects a browser: our answer to its description, and the connection.

        `seat` is the window's own name for itself: a window that comes back is let in, another one only when it takes
        the phone (`is_taken`), as its person has asked for. NoPhoneError, ElsewhereError, OfferError.
        """
        user = await self._user_of(person)
        if user is None:
            raise NoPhoneError("The phone in the browser is off: choose it on the desk.")
        line = self._by_user.setdefault(user.name, Line(person, user.name))
        if line.seat not in {"", seat} and not is_taken and line.leaving is None:
            raise ElsewhereError("The phone was opened in another window.")
        servers = self._ice.servers(whose=str(person), now_s=self._clock())
        peer = Peer(Around(line.say, partial(self._peer_changed, line)), servers)
        try:
            answer = await peer.answer(offer)
        except OfferError:
            self.counts.failed[Failure.OFFER] += 1
            raise
        before, was_seat, line.peer = line.peer, line.seat, peer
        line.signs_in, line.seat, line.session = user, seat, session
        self._leave_later(line)  # unless it comes to a connection
        self._keep()
        if before is not None:
            await self._close(before, "again" if was_seat == seat else "elsewhere")
        return answer, peer

    async def answer(self, person: int) -> None:
        """Picks up what rings at this person. NothingRingsError."""
        line = self._line_of(person)
        try:
            async with asyncio.timeout(self._times.answer_s):
                while line is None or line.call is None or not line.is_heard:
                    if line is None:
                        raise NothingRingsError("The phone in the browser is not open.")
                    line.changed.clear()
                    await line.changed.wait()
        except TimeoutError:
            raise NothingRingsError("Nothing rings at the phone in the browser.") from None
        call = line.call
        if call.stage is Stage.RINGING and line.sound is None:
            await self._open_sound(line, call)
            self.agent.answer(call)

    def gone(self, peer: Peer) -> None:
        """The window is closed, or loaded again: it may be back in a moment."""
        for line in self.all:
            if line.peer is peer:
                self._leave_later(line)

    async def leave(self, person: int) -> None:
        """The phone in the browser is no more: whoever is on the line goes back to the queue."""
        line = self._line_of(person)
        if line is not None:
            await self._end(line)

    def look_again(self, person: int) -> None:
        """The person may have put the phone somewhere else."""
        self._beside(self._leave_unless_on(person))

    async def _leave_unless_on(self, person: int) -> None:
        if await self._user_of(person) is None:
            await self.leave(person)

    def sign_out(self, session: str) -> None:
        """Ends the phones of a session that signed out."""
        for line in self.all:
            if line.session == session:
                self._beside(self._end(line))

    def _line_of(self, person: int) -> Line | None:
        return next((line for line in self.all if line.person == person), None)

    # -- what browsers do

    def _peer_changed(self, line: Line, peer: Peer) -> None:
        if peer is not line.peer:
            return
        if peer.is_up:
            self._stay(line)
            self._sign_in(line)
        elif peer.is_over:
            if peer.has_failed:
                self.counts.failed[Failure.CONNECTION] += 1
            self._leave_later(line)
        line.changed.set()

    def _sign_in(self, line: Line) -> None:
        """Not before the gateway knows the user: it shuts out whoever tries in vain too often."""
        user = line.signs_in
        wait = user.known_at - self._clock() if user is not None else 0.0
        if user is None or not line.is_heard or self._by_user.get(line.user) is not line:
            return
        if wait > 0:
            asyncio.get_running_loop().call_later(wait, self._sign_in, line)
        else:
            self.agent.sign_ins.sign_in(user.name, user.ha1)

    def _stay(self, line: Line) -> None:
        if line.leaving is not None:
            line.leaving.cancel()
            line.leaving = None

    def _leave_later(self, line: Line) -> None:
        """A window that is loaded again is back in a moment, and its call with it."""
        self._stay(line)
        loop = asyncio.get_running_loop()
        line.leaving = loop.call_later(self._times.away_s, lambda: self._beside(self._end(line)))

    async def _end(self, line: Line) -> None:
        self._stay(line)
        if self._by_user.pop(line.user, None) is None:
            return
        if line.call is not None:
            self.counts.failed[Failure.LEFT] += 1
            self.agent.lose(line.call)
            self._silence(line)
        peer, line.peer = line.peer, None
        if peer is not None:
            await self._close(peer, "off")
        await self.agent.sign_ins.sign_out(line.user)
        self._keep()

    async def _close(self, peer: Peer, why: str) -> None:
        self.counts.lost += await peer.lost()
        await peer.close(why)

    # -- what the gateway does

    def _refused(self) -> None:
        self.counts.failed[Failure.REFUSED] += 1

    def _rings(self, call: Call) -> bool:
        line = self._by_user.get(call.user)
        if line is None or line.call is not None:
            return False
        line.call = call
        line.changed.set()
        return True

    def _over(self, call: Call) -> None:
        for line in self.all:
            if line.call is call:
                self._silence(line)

    @staticmethod
    def _silence(line: Line) -> None:
        sound, line.call, line.sound = line.sound, None, None
        if sound is not None:
            sound.close()

    async def _open_sound(self, line: Line, call: Call) -> None:
        loop = asyncio.get_running_loop()
        ssrc = secrets.randbits(32)
        sound = Sound(call.codec, (call.host, call.port), line.hear, ssrc)
        address = (self.agent.host, call.media_port)
        await loop.create_datagram_endpoint(lambda: sound, local_addr=address)
        call.media_port, line.sound = sound.port, sound
        sound.begin()

    # -- what outlives us

    def _keep(self) -> None:
        lines = [
            {"person": line.person, "user": line.user, "seat": line.seat, "session": line.session,
             "call": line.call.kept() if line.call is not None and line.call.stage is Stage.UP else None}
            for line in self.all
        ]  # fmt: skip
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"port": self.agent.port, "lines": lines}))
        fresh.replace(self._file)

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}
        except ValueError:
            log.warning("audio.calls_unreadable")
            return {}
        return found if isinstance(found, dict) else {}

    def _beside(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _towards(gateway: tuple[str, int]) -> str:
    """The address of ours that the gateway sees."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(gateway)
        return str(probe.getsockname()[0])
