"""The switchboard as it runs: facts come in, are decided on, kept, and carried out, in this order."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from tellonce.switchboard.board import Board
from tellonce.switchboard.commands import Command, Connect, Hold, Ring
from tellonce.switchboard.contacts import Contact, Stage
from tellonce.switchboard.drivers import PhonesChanged, Recorded, Told
from tellonce.switchboard.engine import Engine
from tellonce.switchboard.errors import JournalError, JournalLostError
from tellonce.switchboard.facts import Arrived, DialAnswered, Fact, HungUp, LineLost, PersonSet, PhonesKnown
from tellonce.switchboard.freezing import freeze
from tellonce.switchboard.hearing import fact_of_failure, facts_of_told
from tellonce.switchboard.keeping import Keeping
from tellonce.switchboard.outstanding import outstanding
from tellonce.switchboard.ports import Around, Asking, Directory, Journal, Kept
from tellonce.switchboard.remembering import Remembered, remembered
from tellonce.switchboard.settings import Channel
from tellonce.switchboard.stepping import Stepping, Turn
from tellonce.switchboard.surroundings import admitted, changes, without_phone
from tellonce.switchboard.wiring import Wiring

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 5.0  # for another switchboard that has gone, and for settings, hours and outages that have changed
_MOST_AT_ONCE = 500
_FREEZE_AFTER = 20_000  # events
_KNOWN_WITHIN_S = 0.5
_NAMED_WITHIN_S = 0.15
_AROUND_WITHIN_S = 5.0
_PATIENCE_S = 30.0
_DAY_S = 86_400.0

One = TypeVar("One")


@dataclass(slots=True)
class Times:
    """How the switchboard waits and looks, and how long without its journal; tests make them short."""

    look_again_s: float = _LOOK_AGAIN_S
    known_within_s: float = _KNOWN_WITHIN_S
    freeze_after: int = _FREEZE_AFTER
    patience_s: float = _PATIENCE_S


class Switchboard:
    """One group of lines: `run` takes over when no other does, and serves until `stop`."""

    def __init__(
        self, *, journal: Journal, directory: Directory, wiring: Wiring, clock: Callable[[], float],
        realm: str = "tellonce", times: Times | None = None,
    ) -> None:  # fmt: skip
        self.journal, self.directory, self.wiring = journal, directory, wiring
        self.clock, self.realm, self.times = clock, realm, times or Times()
        self.keeping = Keeping(journal, patience_s=self.times.patience_s)
        self.steps = Stepping(self.keeping, clock)
        self.is_serving = False
        self._heard: asyncio.Queue[Fact] = asyncio.Queue()
        self._wake = asyncio.Event()
        self._to_file = asyncio.Event()
        self._asides = ThreadPoolExecutor(4, thread_name_prefix="directory")
        self._tasks: set[asyncio.Task[None]] = set()
        self._coming: set[str] = set()
        self._is_ending = False
        self._since_frozen = 0
        self._frozen_on: float | None = None
        self._time_stands_until = -1e9
        self._around_at = -1e9
        self._around: Around | None = None
        self.phones: frozenset[int] | None = frozenset() if wiring.needs_phones else None  # who can be rung

    @property
    def engine(self) -> Engine:
        """As it decides now."""
        return self.steps.engine

    def wake(self) -> None:
        """Something was asked for; to be called in the event loop."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Waits as a standby, then serves; raises what makes it impossible to go on, so that it is started anew."""
        if not await self._take_over(stop):
            return
        found = await self.keeping.do(remembered)
        self.steps.engine, self.steps.learner = found.engine, found.learner
        await self.wiring.driver.start(self._hear, realm=self.realm)
        try:
            await self._begin(found)
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
        """Waits until no other one serves; a standby outlives a restart of the database."""
        is_standby = False
        while not stop.is_set():
            try:
                if await self.keeping.at_once(lambda journal: journal.take_over()):
                    return True
                is_standby = True
            except JournalLostError:
                if not is_standby:
                    raise
                log.warning("switchboard.journal_lost")
            await _until(stop, self.times.look_again_s)
        return False

    async def _begin(self, found: Remembered) -> None:
        """The world as it is now: settings, hours, outages; calls that did not outlive us are lost; pages see all."""
        if found.anew is not None:
            await self._tell_all([found.anew])
        await self._look_around()
        await self._tell_left(found.left)
        up = [contact.id for contact in self.engine.board.contacts.values() if _is_up(contact)]
        turn = await self._tell_all([LineLost(self.clock(), contact) for contact in up])
        board = self.engine.board
        shown = self.steps.showing.everything(board)
        await self.keeping.do(lambda journal: journal.keep(Kept(shown=shown)))
        await self._carry_out(turn, outstanding(board))
        if found.is_of_another_version:
            self._since_frozen = self.times.freeze_after  # so that the next start can read it

    async def _tell_left(self, left: Sequence[Fact]) -> None:
        """Who waits is in their place before anybody is free for them."""
        people = [fact for fact in left if isinstance(fact, PersonSet)]
        await self._tell_all([fact for fact in left if not isinstance(fact, PersonSet)])
        turn = Turn()
        await self.steps.pass_time(turn)
        await self._keep(turn)
        await self._tell_all(people)

    async def _tell_all(self, facts: Sequence[Fact]) -> Turn:
        """Decided on and kept, not carried out."""
        turn = Turn()
        for fact in facts:
            await self.steps.take(turn, replace(fact, at=self.clock()))
        await self._keep(turn)
        return turn

    async def _turn(self) -> None:
        """Waits until something happens or is due, then takes all of it."""
        await self._wait()
        now = self.clock()
        if now - self._around_at >= self.times.look_again_s:
            await self._look_around()
        turn = Turn()
        for asking in await self.keeping.do(lambda journal: journal.asked()):
            await self._take_asked(turn, asking)
        while not self._heard.empty() and len(turn.events) < _MOST_AT_ONCE:
            await self.steps.take(turn, self._heard.get_nowait())
        if now >= self._time_stands_until and not await self.steps.pass_time(turn):
            self._time_stands_until = now + self.times.look_again_s
        await self._keep(turn)
        await self._carry_out(turn, ())
        if self._since_frozen >= self.times.freeze_after or self._is_new_day():
            await self._freeze()

    async def _take_asked(self, turn: Turn, asking: Asking) -> None:
        """Whatever comes of it, it is done then: it must not be asked for again at each start."""
        fact = asking.fact
        if isinstance(fact, Arrived) and not fact.customer:
            fact = await self._known(fact)
        await self.steps.take(turn, admitted(replace(fact, at=self.clock()), self.phones))
        turn.done.append(asking.id)

    async def _wait(self) -> None:
        if not self._heard.empty():
            return
        due = self.engine.next_due
        longest = self.times.look_again_s
        pause = longest if due is None else min(max(due, self._time_stands_until) - self.clock(), longest)
        await _until(self._wake, max(pause, 0.0))
        self._wake.clear()

    async def _keep(self, turn: Turn) -> None:
        await self.steps.keep(turn)
        self._since_frozen += len(turn.events)
        if turn.events:
            self._to_file.set()

    async def _carry_out(self, turn: Turn, more: Sequence[Command]) -> None:
        """What cannot be is said and left: no other call may end for it."""
        board = self.engine.board
        try:
            await self.wiring.prepare(board, turn.events)
        except Exception:
            log.exception("switchboard.not_prepared")
        dialled = {event.contact for event in turn.events if isinstance(event, DialAnswered)}
        for command in (*turn.commands, *more):
            try:
                await self._order(board, command, dialled)
            except Exception:
                log.exception("switchboard.not_carried_out", extra={"command": type(command).__name__})
                if (fact := fact_of_failure(command, at=self.clock())) is not None:
                    self._tell(fact)

    async def _order(self, board: Board, command: Command, dialled: set[str]) -> None:
        if isinstance(command, Connect) and command.contact in dialled:
            self._beside(self._connect_called(command))
            return
        name = await self._name(board, command) if isinstance(command, Ring) else ""
        await self.wiring.carry_out(board, command, name=name)

    async def _connect_called(self, command: Connect) -> None:
        """Whom we called hears first why; then the person who waits for them, unless one of them has gone."""
        contact = self.engine.board.contacts.get(command.contact)
        if contact is None:
            return
        await asyncio.sleep(await self.wiring.greet_called(contact))
        contact = self.engine.board.contacts.get(command.contact)
        if contact is None or contact.stage is not Stage.TALKING or contact.person != command.person:
            return
        await self.wiring.carry_out(self.engine.board, command)
        if contact.is_held:  # while they were greeted
            await self.wiring.carry_out(self.engine.board, Hold(contact.id))

    async def _name(self, board: Board, ring: Ring) -> str:
        """Whose call rings; without it if that lasts, as a phone must not wait for a name."""
        contact = board.contacts.get(ring.contact)
        if contact is None or not contact.customer or contact.channel != Channel.CALL:
            return ""
        try:
            async with asyncio.timeout(_NAMED_WITHIN_S):
                return await self._aside(partial(self.directory.name_of, contact.customer))
        except TimeoutError:
            return ""
        except Exception:
            log.exception("switchboard.name_failed")
            return ""

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

    def _is_new_day(self) -> bool:
        """Each day begins with a board from which it can be replayed."""
        return self._frozen_on != self.clock() // _DAY_S

    async def _freeze(self) -> None:
        self._frozen_on = self.clock() // _DAY_S
        if self.engine.board.configured is None or not self._since_frozen:
            return
        try:
            frozen = freeze(self.engine.board)
            await self.keeping.do(lambda journal: journal.freeze(frozen))
        except JournalError:
            raise
        except Exception:
            log.exception("switchboard.not_frozen")
        self._since_frozen = 0

    async def _look_around(self) -> None:
        """Tells the engine of settings, hours and outages that are not as it knows them."""
        self._around_at = self.clock()
        around = await self._seen_around(self._around_at)
        if around is None:
            return
        turn = Turn()
        for fact in changes(self.engine.board, around, at=self._around_at):
            await self.steps.take(turn, fact)
        await self._keep(turn)
        await self._carry_out(turn, ())
        if self._around is None or self._around.phones != around.phones:
            await self.wiring.driver.set_phones(around.phones)
        self._around = around

    async def _seen_around(self, at: float) -> Around | None:
        """None for what cannot be seen now: then it is as it was."""
        is_first = self._around is None
        try:
            async with asyncio.timeout(None if is_first else _AROUND_WITHIN_S):
                around = await self._aside(lambda: self.directory.around(at))
            return replace(around, settings=self.wiring.manners.sayable(around.settings))
        except Exception:
            if is_first:
                raise
            log.exception("switchboard.around_unknown")
            return None

    def _hear(self, told: Told) -> None:
        """A driver tells something; callers are looked up before they come to the engine."""
        match told:
            case Recorded():
                self._beside(self._keep_recording(told))
            case PhonesChanged(persons) if not self.wiring.needs_phones:
                self._tell(PhonesKnown(self.clock(), tuple(sorted(persons))))
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
        try:
            await self.wiring.pick_up(fact.contact)
        except Exception:
            log.exception("switchboard.not_picked_up")
        fact = await self._known(fact)
        if fact.contact in self._coming:
            self._coming.discard(fact.contact)
            self._tell(replace(fact, at=self.clock()))

    async def _known(self, fact: Arrived) -> Arrived:
        try:
            async with asyncio.timeout(self.times.known_within_s):
                return await self._aside(partial(self.directory.known, fact))
        except TimeoutError:
            log.warning("switchboard.lookup_late")
        except Exception:
            log.exception("switchboard.lookup_failed")
        return fact

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

    async def _aside(self, work: Callable[[], One]) -> One:
        return await asyncio.get_running_loop().run_in_executor(self._asides, work)


def _is_up(contact: Contact) -> bool:
    """Whether the customer is on the line."""
    is_call = contact.channel == Channel.CALL and contact.stage is not Stage.SCHEDULED
    return is_call and not contact.parent and not contact.is_callback


async def _until(event: asyncio.Event, seconds: float) -> None:
    """Until it is set, or the time is over."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
