"""The switchboard as it runs: facts come in, are decided on, kept, and carried out, in this order."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from tellonce.kernel.errors import DomainError
from tellonce.lab.routing import AS_ESTIMATED
from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import Command
from tellonce.switchboard.contacts import Stage
from tellonce.switchboard.drivers import PhonesChanged, Recorded, Told
from tellonce.switchboard.engine import Engine, rebuild
from tellonce.switchboard.errors import JournalError
from tellonce.switchboard.facts import Arrived, Fact, HungUp, LineLost, TimePassed
from tellonce.switchboard.folding import Event
from tellonce.switchboard.freezing import freeze, thaw
from tellonce.switchboard.hearing import facts_of_told
from tellonce.switchboard.learning import WaitLearner
from tellonce.switchboard.outstanding import outstanding
from tellonce.switchboard.ports import Around, Directory, Journal, Kept, Past
from tellonce.switchboard.settings import Channel
from tellonce.switchboard.showing import Showing
from tellonce.switchboard.surroundings import admitted, changes, without_phone
from tellonce.switchboard.wiring import Wiring

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 5.0  # for another switchboard that has gone, and for settings, hours and outages that have changed
_MOST_AT_ONCE = 500
_FREEZE_AFTER = 20_000  # events
_KNOWN_WITHIN_S = 0.5

One = TypeVar("One")


@dataclass(slots=True)
class Times:
    """How the switchboard waits and looks; tests make them short."""

    look_again_s: float = _LOOK_AGAIN_S
    known_within_s: float = _KNOWN_WITHIN_S
    freeze_after: int = _FREEZE_AFTER


@dataclass(slots=True)
class Turn:
    """What one turn of the loop has decided."""

    events: list[Event] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    done: list[int] = field(default_factory=list)


class Switchboard:
    """One group of lines: `run` takes over when no other does, and serves until `stop`."""

    def __init__(
        self, *, journal: Journal, directory: Directory, wiring: Wiring, clock: Callable[[], float],
        realm: str = "tellonce", times: Times | None = None,
    ) -> None:  # fmt: skip
        self.journal, self.directory, self.wiring = journal, directory, wiring
        self.clock, self.realm, self.times = clock, realm, times or Times()
        self.engine = Engine()
        self.learner = WaitLearner()
        self.showing = Showing()
        self.is_serving = False
        self._heard: asyncio.Queue[Fact] = asyncio.Queue()
        self._wake = asyncio.Event()
        self._to_file = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._asides = ThreadPoolExecutor(4, thread_name_prefix="directory")
        self._tasks: set[asyncio.Task[None]] = set()
        self._coming: set[str] = set()
        self._is_ending = False
        self._since_frozen = 0
        self._around_at = -1e9
        self._around: Around | None = None
        self.phones: frozenset[int] | None = frozenset() if wiring.needs_phones else None  # who can be rung

    def wake(self) -> None:
        """Something was asked for; to be called in the event loop."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Waits as a standby, then serves; raises what makes it impossible to go on, so that it is started anew."""
        if not await self._take_over(stop):
            return
        await self._rebuild()
        await self.wiring.driver.start(self._hear, realm=self.realm)
        try:
            await self._begin()
            self._beside(self._file())
            self.is_serving = True
            log.info("switchboard.serving", extra={"contacts": len(self.engine.board.contacts)})
            while not stop.is_set():
                await self._turn()
            await self._freeze()
        finally:
            self.is_serving = False
            await self.wiring.driver.stop()
            await self._end_asides()

    async def _end_asides(self) -> None:
        """What was begun beside the calls (a last recording is kept) is over before we are."""
        self._to_file.set()
        self._is_ending = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._asides.shutdown)

    async def _take_over(self, stop: asyncio.Event) -> bool:
        while not stop.is_set():
            if await self._in_thread(self.journal.take_over):
                return True
            await _until(stop, self.times.look_again_s)
        return False

    async def _rebuild(self) -> None:
        def _read() -> Engine:
            past, board = self._past()
            self.learner = WaitLearner(before=board.calibration if board else AS_ESTIMATED)
            return rebuild(self._learnt_from(past.events), since=board)

        self.engine = await self._in_thread(_read)

    def _past(self) -> tuple[Past, Board | None]:
        """What was kept; of a board that another version froze, all that led to it."""
        past = self.journal.read()
        try:
            return past, thaw(past.board) if past.board else None
        except (KeyError, ValueError, JournalError):
            log.warning("switchboard.board_of_another_version")
            return self.journal.read(whole=True), None

    def _learnt_from(self, events: Iterable[Event]) -> Iterator[Event]:
        """The same; what they teach was told then, and is among them."""
        for event in events:
            self.learner.take(event)
            yield event

    async def _begin(self) -> None:
        """The world as it is now: settings, hours, outages; calls that did not outlive us are lost; pages see all."""
        await self._look_around()
        board = self.engine.board
        turn = Turn()
        for contact in [*board.contacts.values()]:
            is_up = contact.channel == Channel.CALL and contact.stage is not Stage.SCHEDULED
            if is_up and not contact.parent and not contact.is_callback:
                self._take(turn, LineLost(self.clock(), contact.id))
        await self._keep(turn)
        shown = self.showing.everything(board)
        await self._in_thread(lambda: self.journal.keep(Kept(shown=shown)))
        await self._carry_out(turn, outstanding(board))

    async def _turn(self) -> None:
        """Waits until something happens or is due, then takes all of it."""
        await self._wait()
        now = self.clock()
        if now - self._around_at >= self.times.look_again_s:
            await self._look_around()
        turn = Turn()
        for asking in await self._in_thread(self.journal.asked):
            fact = asking.fact
            if isinstance(fact, Arrived) and not fact.customer:
                fact = await self._aside(partial(self.directory.known, fact))
            self._take(turn, admitted(replace(fact, at=self.clock()), self.phones))
            turn.done.append(asking.id)
        while not self._heard.empty() and len(turn.events) < _MOST_AT_ONCE:
            self._take(turn, self._heard.get_nowait())
        if self.engine.next_due is not None:
            self._take(turn, TimePassed(self.clock()))
        await self._keep(turn)
        await self._carry_out(turn, ())
        if self._since_frozen >= self.times.freeze_after:
            await self._freeze()

    async def _wait(self) -> None:
        if not self._heard.empty():
            return
        due = self.engine.next_due
        longest = self.times.look_again_s
        pause = longest if due is None else min(max(due - self.clock(), 0.0), longest)
        await _until(self._wake, pause)
        self._wake.clear()

    def _take(self, turn: Turn, fact: Fact) -> None:
        """Decides; what cannot be (settings that do not fit) is left out and said."""
        try:
            result = self.engine.take(fact)
        except DomainError as error:
            log.warning("switchboard.refused", extra={"fact": type(fact).__name__, "why": str(error)})
            return
        turn.events += result.events
        turn.commands += result.commands
        taught = [due for event in result.events if (due := self.learner.take(event)) is not None]
        if taught:
            self._take(turn, taught[-1])

    async def _keep(self, turn: Turn) -> None:
        if not turn.events and not turn.done:
            return
        kept = Kept(turn.events, turn.done, self.showing.changed(self.engine.board, turn.events))
        await self._in_thread(lambda: self.journal.keep(kept))
        self._since_frozen += len(turn.events)
        self._to_file.set()

    async def _carry_out(self, turn: Turn, more: Sequence[Command]) -> None:
        board = self.engine.board
        await self.wiring.prepare(board, turn.events)
        for command in (*turn.commands, *more):
            await self.wiring.carry_out(board, command)

    async def _file(self) -> None:
        """Beside the calls: what was kept becomes contacts and records; after a kill, from where it was."""
        self._to_file.set()
        while not self._is_ending:
            await self._to_file.wait()
            self._to_file.clear()
            try:
                while await self._aside(self.directory.file):
                    pass
            except Exception:
                log.exception("switchboard.filing_failed")
                if not self._is_ending:
                    await asyncio.sleep(self.times.look_again_s)
                self._to_file.set()

    async def _freeze(self) -> None:
        if self.engine.board.configured is not None and self._since_frozen:
            frozen = freeze(self.engine.board)
            await self._in_thread(lambda: self.journal.freeze(frozen))
            self._since_frozen = 0

    async def _look_around(self) -> None:
        """Tells the engine of settings, hours and outages that are not as it knows them."""
        self._around_at = self.clock()
        at = self._around_at
        around = await self._in_thread(lambda: self.directory.around(at))
        turn = Turn()
        for fact in changes(self.engine.board, around, at=at):
            self._take(turn, fact)
        await self._keep(turn)
        await self._carry_out(turn, ())
        if self._around is None or self._around.phones != around.phones:
            await self.wiring.driver.set_phones(around.phones)
        self._around = around

    def _hear(self, told: Told) -> None:
        """A driver tells something; callers are looked up before they come to the engine."""
        match told:
            case Recorded():
                self._beside(self._keep_recording(told))
            case PhonesChanged(persons):
                self.phones = persons
                for fact in without_phone(self.engine.board, persons, at=self.clock()):
                    self._tell(fact)
            case _:
                for fact in facts_of_told(self.engine.board, told, at=self.clock()):
                    self._hear_fact(fact)

    def _hear_fact(self, fact: Fact) -> None:
        match fact:
            case Arrived():
                self._coming.add(fact.contact)
                self._beside(self._arrive(fact))
            case HungUp(_, contact) | LineLost(_, contact) if contact in self._coming:
                self._coming.discard(contact)  # before they came to the engine
            case _:
                self._tell(fact)

    async def _keep_recording(self, told: Recorded) -> None:
        await self._aside(lambda: self.directory.recorded(told))

    async def _arrive(self, fact: Arrived) -> None:
        """Picks up at once; the caller comes to the engine with what is known of them, or without if that lasts."""
        await self.wiring.pick_up(fact.contact)
        try:
            async with asyncio.timeout(self.times.known_within_s):
                fact = await self._aside(partial(self.directory.known, fact))
        except TimeoutError:
            log.warning("switchboard.lookup_late")
        except Exception:
            log.exception("switchboard.lookup_failed")
        if fact.contact in self._coming:
            self._coming.discard(fact.contact)
            self._tell(replace(fact, at=self.clock()))

    def _tell(self, fact: Fact) -> None:
        self._heard.put_nowait(fact)
        self._wake.set()

    def _beside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("switchboard.aside_failed", exc_info=error)

    async def _in_thread(self, work: Callable[[], One]) -> One:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _aside(self, work: Callable[[], One]) -> One:
        return await asyncio.get_running_loop().run_in_executor(self._asides, work)


async def _until(event: asyncio.Event, seconds: float) -> None:
    """Until it is set, or the time is over."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
