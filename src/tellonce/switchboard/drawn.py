"""Days whose talks and patience are drawn, told to the real engine; what each caller would have waited is known.

Who hangs up is watched on: at every later decision it is asked whether that caller, still there, would have been chosen
instead. The first time that is so is when they would have been answered, exactly: a caller who waits changes nothing
for the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappush

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from tellonce.lab.routing import choose_contact
from tellonce.lab.simulation import Contacts, Lengths, Patience, Scenario
from tellonce.lab.simulation.contracts import DAY_S, Constant, Empirical, Exponential, Lognormal
from tellonce.lab.simulation.presence import stretches
from tellonce.switchboard.commands import Command, Ring
from tellonce.switchboard.contacts import Contact
from tellonce.switchboard.days import Day
from tellonce.switchboard.decisions import Ended, Offered, Outcome
from tellonce.switchboard.engine import Engine, Result
from tellonce.switchboard.facts import Answered, Fact, HungUp, ShiftPlanned, TimePassed, WrappedUp

Floats = NDArray[np.float64]
_NEVER, _NOBODY, _LONG_AGO = np.full(2, np.inf), np.full(2, -1), np.zeros(2)
_LEAVES, _ENDS, _WRAPS = 4, 2, 5


def lengths_at(lengths: Lengths, shares: Floats) -> Floats:
    """The quantiles of these lengths."""
    match lengths:
        case Lognormal(mean_s=mean_s, variation=variation):
            spread = np.log1p(variation**2)
            return np.asarray(np.exp(np.log(mean_s) - spread / 2 + np.sqrt(spread) * ndtri(shares)))
        case Exponential(mean_s=mean_s):
            return np.asarray(-mean_s * np.log1p(-shares))
        case Constant(length_s=length_s):
            return np.full(len(shares), length_s)
        case Empirical(quantiles_s=quantiles_s):
            return np.interp(shares, np.linspace(0.0, 1.0, len(quantiles_s)), quantiles_s)


def patience_at(patience: Patience, shares: Floats) -> Floats:
    """When callers of these shares hang up, inf for never."""
    starts, hazards = np.array(patience.starts_s), np.array(patience.hazards)
    edges = np.concatenate(([0.0], np.cumsum(hazards[:-1] * np.diff(starts))))
    wanted = -np.log1p(-shares)
    place = np.searchsorted(edges, wanted, side="right") - 1
    with np.errstate(divide="ignore"):
        return np.asarray(starts[place] + (wanted - edges[place]) / hazards[place])


@dataclass(frozen=True, slots=True)
class Callers:
    """Who calls when, with what was drawn for each: patience, talk and wrap-up (at the usual pace); arrays (n,)."""

    contacts: Contacts
    patience_s: Floats
    talk_s: Floats
    wrap_s: Floats


def callers(scenario: Scenario, contacts: Contacts, *, seed: int) -> Callers:
    """Draws for the arrivals of a simulated month; only when they come is taken from it."""
    rng = np.random.default_rng(seed)
    shares = rng.random((3, len(contacts.stream)))
    drawn = np.empty_like(shares)
    matters = {matter.name: matter for matter in scenario.matters}
    for place, stream in enumerate(scenario.streams):
        mine, matter = contacts.stream == place, matters[stream.matter]
        drawn[0, mine] = patience_at(stream.patience, shares[0, mine])
        drawn[1, mine] = lengths_at(matter.service, shares[1, mine])
        drawn[2, mine] = lengths_at(matter.wrap_up, shares[2, mine])
    return Callers(contacts, *drawn)


@dataclass(slots=True)
class Ghost:
    """Somebody who hung up: their place in the line."""

    contact: str
    line: int
    entered: float


@dataclass(slots=True)
class Watched:
    """When callers who hung up would have been answered, by contact; who never would be is not in it."""

    answered_at: dict[str, float] = field(default_factory=dict)
    ghosts: list[Ghost] = field(default_factory=list)

    def note_offers(self, engine: Engine, offers: Sequence[Offered]) -> None:
        """Whom each offer would have gone to instead; then whether anybody free would have taken one of them."""
        board = engine.board
        for offer in offers:
            taken, group = board.contacts[offer.contact], board.people[offer.person].group
            self._answer([each for each in self.ghosts if _comes_before(engine, each, taken, group)], board.now)
        if self.ghosts and len(board.free):
            able = (board.lines.plan.fit[:, np.unique(board.free.group)] > -np.inf).sum(axis=1)
            self._answer([each for each in self.ghosts if able[each.line]], board.now)

    def _answer(self, ghosts: list[Ghost], at: float) -> None:
        for each in ghosts:
            self.ghosts.remove(each)
            self.answered_at[each.contact] = at


def _comes_before(engine: Engine, ghost: Ghost, taken: Contact, group: int) -> bool:
    board = engine.board
    line, entered = np.array([ghost.line, taken.line]), np.array([ghost.entered, taken.entered])
    chosen = choose_contact(
        board.lines.plan, board.now, 0, group, line, entered, _NEVER, _NOBODY, _LONG_AGO, board.free.by_skill,
        board.lag,
    )  # fmt: skip
    return chosen == 0


class DrawnDay(Day):
    """As `Day`, with what was drawn; people answer at once, talk, and wrap up. `watched` tells virtual waits."""

    def __init__(self, scenario: Scenario, drawn: Callers, engine: Engine) -> None:
        super().__init__(scenario, drawn.contacts, engine)
        self.agenda = [each for each in self.agenda if each[1] != _LEAVES]
        for place, (entered, lasts) in enumerate(zip(drawn.contacts.entered_s, drawn.patience_s, strict=True)):
            if lasts < np.inf:
                self.agenda.append((float(entered + lasts), _LEAVES, place))
        self.agenda.sort()
        self.drawn, self.watched = drawn, Watched()
        self.answered: set[str] = set()

    def tell_plans(self, take: Callable[[Fact], Result]) -> None:
        """Tells of each person and day from when until when they are there at all; breaks are told by nobody."""
        for place, person in enumerate(self.scenario.people):
            days: dict[int, tuple[float, float]] = {}
            for begins, ends in stretches(person):
                first, _last = days.get(int(begins // DAY_S), (begins, ends))
                days[int(begins // DAY_S)] = (first, ends)
            take(ShiftPlanned(0.0, place, tuple(days.values())))

    def watching(self, take: Callable[[Fact], Result]) -> Callable[[Fact], Result]:
        """The same, and hang-ups and offers are noted."""

        def noting(fact: Fact) -> Result:
            leaver = self.engine.board.contacts.get(fact.contact) if isinstance(fact, HungUp) else None
            ghost = Ghost(leaver.id, leaver.line, leaver.entered) if leaver else None
            result = take(fact)
            if ghost and any(isinstance(e, Ended) and e.outcome is Outcome.ABANDONED for e in result.events):
                self.watched.ghosts.append(ghost)
            if self.watched.ghosts:
                self.watched.note_offers(self.engine, [e for e in result.events if isinstance(e, Offered)])
            return result

        return noting

    def _fact(self, at: float, kind: int, place: int) -> Fact:
        if kind == _WRAPS:
            return WrappedUp(at, place)
        if kind == _LEAVES and str(place) in self.answered:
            return TimePassed(at)
        return super()._fact(at, kind, place)

    def _follow(self, take: Callable[[Fact], Result], commands: tuple[Command, ...], at: float) -> None:
        for command in commands:
            if isinstance(command, Ring):
                self.answered.add(command.contact)
                take(Answered(at, command.contact, command.person))
                pace = self.scenario.people[command.person].pace
                place = int(command.contact)
                talk_s, wrap_s = float(self.drawn.talk_s[place]) * pace, float(self.drawn.wrap_s[place]) * pace
                heappush(self.agenda, (at + talk_s, _ENDS, place))
                heappush(self.agenda, (at + talk_s + wrap_s, _WRAPS, command.person))
