"""Facts become steps: each is whole or was never told, and what the database refuses holds back nothing else."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tellonce.kernel.errors import DomainError
from tellonce.switchboard.commands import Command, HangUp, Refuse
from tellonce.switchboard.engine import Engine, Result
from tellonce.switchboard.errors import HalfStepError, NotKeptError
from tellonce.switchboard.facts import NOBODY, Arrived, Fact, TimePassed, TimerDropped
from tellonce.switchboard.folding import Event, fold
from tellonce.switchboard.keeping import Keeping
from tellonce.switchboard.learning import WaitLearner
from tellonce.switchboard.ports import Kept
from tellonce.switchboard.remembering import engine_kept
from tellonce.switchboard.showing import Showing

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Turn:
    """What one turn of the loop has decided: the facts that meant something, and what came of them.

    `done` is what was asked for and needs no more asking; `acted` are people who did something, with what was refused
    to them ("" for nothing).
    """

    facts: list[Fact] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    acted: dict[int, str] = field(default_factory=dict)

    def take(self, fact: Fact, result: Result) -> None:
        """One step more."""
        self.facts.append(fact)
        self.events += result.events
        self.commands += result.commands
        person = getattr(fact, "person", NOBODY)
        if person != NOBODY:
            refused = [each.why for each in result.commands if isinstance(each, Refuse) and each.person == person]
            self.acted[person] = refused[-1] if refused else ""

    def add(self, other: "Turn") -> None:
        """What another has decided after this."""
        self.facts += other.facts
        self.events += other.events
        self.commands += other.commands
        self.acted |= other.acted


class Stepping:
    """The engine, and the journal behind it."""

    def __init__(self, keeping: Keeping, clock: Callable[[], float]) -> None:
        self.engine = Engine()
        self.learner = WaitLearner()
        self.showing = Showing()
        self._keeping, self._clock = keeping, clock

    async def take(self, turn: Turn, fact: Fact) -> bool:
        """Decides; what cannot be is left out and said. Whether it was."""
        result = await self._decide(turn, fact)
        if result is None:
            return False
        taught = [due for event in result.events if (due := self.learner.take(event)) is not None]
        if taught:
            await self.take(turn, taught[-1])
        return True

    async def _decide(self, turn: Turn, fact: Fact) -> Result | None:
        try:
            result = self.engine.take(fact)
        except HalfStepError as error:
            log.exception("switchboard.fact_failed", extra={"fact": type(fact).__name__})
            await self._undo(turn.events)
            if error.due is not None and not isinstance(fact, TimerDropped):
                await self._drop(turn, *error.due)
            return None
        except DomainError as error:
            log.warning("switchboard.refused", extra={"fact": type(fact).__name__, "why": str(error)})
            return None
        except Exception:
            log.exception("switchboard.fact_failed", extra={"fact": type(fact).__name__})
            return None
        turn.take(fact, result)
        return result

    async def _drop(self, turn: Turn, timer: str, whom: str) -> None:
        """It would fail again and again, and nothing would be due any more for anybody."""
        log.error("switchboard.timer_dropped", extra={"timer": timer, "contact": whom})
        await self._decide(turn, TimerDropped(self._clock(), timer, whom))

    async def _undo(self, since: list[Event]) -> None:
        """The engine as it was before a step: what is kept, and what was decided since."""
        engine = await self._keeping.do(engine_kept)
        for event in since:
            fold(engine.board, event)
        self.engine = engine

    async def pass_time(self, turn: Turn) -> bool:
        """Decides on all that is due. False if that failed: it would fail again at once."""
        due = self.engine.next_due
        while due is not None and due <= self._clock():
            events = len(turn.events)
            if await self.take(turn, TimePassed(self._clock())):
                return True
            if len(turn.events) == events:
                return False
            due = self.engine.next_due
        return True

    async def keep(self, turn: Turn) -> None:
        """In one transaction; if the database refuses something of it, each fact for itself."""
        if not turn.events and not turn.done and not turn.acted:
            return
        try:
            await self._keep(turn)
        except NotKeptError as error:  # without its trace: what the database says may hold numbers
            facts = [type(fact).__name__ for fact in turn.facts]
            log.error("switchboard.not_kept", extra={"facts": facts, "why": str(error)})  # noqa: TRY400
            await self._keep_each(turn)

    async def _keep(self, turn: Turn) -> None:
        shown = replace(self.showing.changed(self.engine.board, turn.events), acted=tuple(turn.acted.items()))
        kept = Kept(turn.events, turn.done, shown)
        await self._keeping.do(lambda journal: journal.keep(kept))

    async def _keep_each(self, turn: Turn) -> None:
        """What the database refuses was never told; of a caller no more is kept then than that they are there."""
        facts = list(turn.facts)
        turn.facts, turn.events, turn.commands, turn.acted = [], [], [], {}
        await self._undo([])
        for fact in facts:
            if not await self._is_kept(turn, fact) and isinstance(fact, Arrived):
                turn.commands.append(HangUp(fact.contact))
        kept = Kept(done=turn.done, shown=self.showing.everything(self.engine.board))
        await self._keeping.do(lambda journal: journal.keep(kept))

    async def _is_kept(self, turn: Turn, fact: Fact) -> bool:
        for each in _less_and_less(fact):
            alone = Turn()
            await self._decide(alone, each)
            try:
                await self._keep(alone)
            except NotKeptError:
                log.error("switchboard.fact_not_kept", extra={"fact": type(fact).__name__})  # noqa: TRY400 -- said above
                await self._undo([])
                continue
            turn.add(alone)
            return True
        return False


def _less_and_less(fact: Fact) -> Iterator[Fact]:
    yield fact
    if isinstance(fact, Arrived):
        yield Arrived(fact.at, fact.contact, fact.channel, fact.entry, fact.queue)
