"""A day at the phones, folded from the switchboard's events: who came, was answered and left, by queue and quarter.

The definitions are those of docs/guide/floor.md. A contact counts in the queue and the quarter hour in which it
entered, whatever became of it later; a call between colleagues counts nowhere.
"""

import math
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from tellonce.switchboard.decisions import (
    CallbackKept,
    CallbackPostponed,
    Dialled,
    Ended,
    Entered,
    Outcome,
    PassedOn,
    Transferred,
    WaitTold,
    WrapEnded,
)
from tellonce.switchboard.facts import Answered, Calibrated, CallbackPromised, DialAnswered, WrappedUp
from tellonce.switchboard.folding import Event
from tellonce.switchboard.promise_hours import PromiseHour, promise_hour
from tellonce.switchboard.promises import WaitPromise, WaitPromises

QUARTER_S = 900
SHORT_ABANDON_S = 5.0
"""Who hangs up sooner has not waited, and is counted apart."""

KINDS = tuple(
    kind.__name__
    for kind in (
        Answered, Calibrated, CallbackKept, CallbackPostponed, CallbackPromised, DialAnswered, Dialled, Ended, Entered,
        PassedOn, Transferred, WaitTold, WrapEnded, WrappedUp,
    )
)  # fmt: skip
"""The events that it wants to be told of, in the order of the journal."""

_MOST_LENGTHS = 400
_LOOK_AGAIN_S = 15.0  # at told waits while nobody's was settled
_NEVER_WAITED = {Outcome.CAME_BACK, Outcome.WITHDRAWN}  # went on as another contact, or was no longer wanted


@dataclass(slots=True)
class Entrant:
    """A contact that entered a queue and has not been answered."""

    queue: str
    entered: float
    is_callback: bool = False


@dataclass(slots=True)
class Quarter:
    """What became of those who entered in a quarter hour; short abandons are in none of the other numbers."""

    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    unreached: int = 0
    short: int = 0

    @property
    def settled(self) -> int:
        """Of how many it is known, short abandons apart."""
        return self.answered + self.abandoned + self.unreached


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    def __add__(self, other: "Share") -> "Share":
        return Share(self.part + other.part, self.whole + other.whole)


@dataclass(frozen=True, slots=True)
class QueueDay:
    """A queue since a time.

    Attributes:
        quarters: quarter hours that met the target, of those that can be judged and had contacts.
        now: of the quarter hour that runs, answered in time, of those of whom it is known.
        answered, abandoned, short: contacts; those who hung up within SHORT_ABANDON_S only in `short`.
    """

    quarters: Share = Share(0, 0)
    now: Share = Share(0, 0)
    answered: int = 0
    abandoned: int = 0
    short: int = 0


@dataclass(slots=True)
class Pace:
    """What contacts of a queue need and bear, learnt from the day.

    Attributes:
        arrivals: when contacts came to the queue, passed on ones too; the last hour's at least.
        lengths_s: how long people had the last contacts, wrap-up included.
        waited_s, left: seconds waited on the line, and how many hung up in them.
    """

    arrivals: deque[float] = field(default_factory=deque)
    lengths_s: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_LENGTHS))
    waited_s: float = 0.0
    left: int = 0


class DayFold:
    """Told each event of KINDS once, in order; `within_s` says by queue what is in time."""

    def __init__(self, within_s: Mapping[str, float]) -> None:
        self.within_s = dict(within_s)
        self.open: dict[str, Entrant] = {}
        self.quarters: dict[str, dict[int, Quarter]] = {}
        self.paces: dict[str, Pace] = {}
        self.promises: dict[str, list[WaitPromise]] = {}
        self.told = WaitPromises()
        self._quality: dict[str, tuple[object, PromiseHour]] = {}
        self._queue_of: dict[str, str] = {}
        self._talks: dict[str, tuple[float, int]] = {}
        self._wraps: dict[int, tuple[float, str]] = {}

    def take(self, event: Event) -> None:
        """Takes an event."""
        for promise in self.told.take(event):
            self.promises.setdefault(promise.queue, []).append(promise)
        match event:
            case Entered() | CallbackPromised() | CallbackKept():
                self._enters(event)
            case Answered():
                self._answered(event)
            case DialAnswered():
                self._settle(event.contact, event.at)
            case CallbackPostponed():
                self._talks.pop(event.contact, None)
            case PassedOn() | Transferred():
                self._passed(event)
            case Ended():
                self._ended(event)
            case WrappedUp() | WrapEnded():
                self._wrapped(event.person, event.at)

    def _enters(self, event: Entered | CallbackKept | CallbackPromised) -> None:
        """Whose place is kept waits on; who is to be called at a time enters then."""
        if isinstance(event, Entered):
            self._comes(event.contact, event.queue, event.at)
            self.open.setdefault(event.contact, Entrant(event.queue, event.since))
            return
        self._queue_of[event.contact] = event.queue
        if self._talks.pop(event.contact, None) is not None and event.contact not in self.open:
            return  # the line broke in a talk: that contact was answered
        entrant = self.open.setdefault(event.contact, Entrant(event.queue, max(event.due_at, event.at)))
        entrant.is_callback = True

    def _passed(self, event: PassedOn | Transferred) -> None:
        """A contact that was passed on counts where it entered; its new queue has the work."""
        self._talked(event.contact, event.at, event.wrap_until)
        if isinstance(event, PassedOn):
            self._comes(event.contact, event.queue, event.at)
        else:
            self._talks[event.contact] = self._talks.pop(event.leg, (event.at, event.colleague))

    def _comes(self, contact: str, queue: str, at: float) -> None:
        self._queue_of[contact] = queue
        arrivals = self._pace(queue).arrivals
        arrivals.append(at)
        while arrivals[0] < at - 2 * 3600.0:
            arrivals.popleft()

    def _answered(self, event: Answered) -> None:
        self._talks[event.contact] = (event.at, event.person)
        entrant = self.open.get(event.contact)
        if entrant is not None and not entrant.is_callback:
            self._settle(event.contact, event.at)

    def _settle(self, contact: str, at: float) -> None:
        """A person and the customer are together."""
        entrant = self.open.pop(contact, None)
        if entrant is None:
            return
        quarter, waited_s = self._quarter(entrant), at - entrant.entered
        quarter.answered += 1
        quarter.in_time += waited_s <= self.within_s.get(entrant.queue, math.inf)
        if not entrant.is_callback:
            self._pace(entrant.queue).waited_s += waited_s

    def _ended(self, event: Ended) -> None:
        entrant = self.open.pop(event.contact, None)
        self._talked(event.contact, event.at, event.wrap_until)
        self._queue_of.pop(event.contact, None)
        if entrant is not None and event.outcome is Outcome.TAKEN:
            self.open[event.contact] = entrant
            self._settle(event.contact, event.at)
            return
        if entrant is None or event.outcome in _NEVER_WAITED:
            return
        quarter, waited_s = self._quarter(entrant), event.at - entrant.entered
        if event.outcome is not Outcome.ABANDONED:
            quarter.unreached += 1
        elif waited_s < SHORT_ABANDON_S:
            quarter.short += 1
        else:
            quarter.abandoned += 1
        if event.outcome is Outcome.ABANDONED and not entrant.is_callback:
            pace = self._pace(entrant.queue)
            pace.waited_s, pace.left = pace.waited_s + waited_s, pace.left + 1

    def _talked(self, contact: str, at: float, wrap_until: float) -> None:
        began, person = self._talks.pop(contact, (at, -1))
        queue = self._queue_of.get(contact)
        if person < 0 or queue is None:
            return
        if wrap_until > at:
            self._wraps[person] = (began, queue)
        else:
            self._pace(queue).lengths_s.append(at - began)

    def _wrapped(self, person: int, at: float) -> None:
        began, queue = self._wraps.pop(person, (at, ""))
        if queue:
            self._pace(queue).lengths_s.append(at - began)

    def _pace(self, queue: str) -> Pace:
        return self.paces.setdefault(queue, Pace())

    def _quarter(self, entrant: Entrant) -> Quarter:
        quarters = self.quarters.setdefault(entrant.queue, {})
        return quarters.setdefault(int(entrant.entered // QUARTER_S), Quarter())

    def queue_day(self, queue: str, *, since: float, now: float, target_share: float) -> QueueDay:
        """The queue from `since` on. A quarter hour is judged when it is over and of each contact it is known."""
        first, current = math.ceil(since / QUARTER_S), int(now // QUARTER_S)
        late, unknown = self._waiting(queue, now)
        quarters = {n: quarter for n, quarter in self.quarters.get(queue, {}).items() if first <= n <= current}
        met = judged = 0
        for n in {*quarters, *late}:
            whole = quarters.get(n, Quarter()).settled + late[n]
            if first <= n < current and whole and not unknown[n]:
                judged += 1
                met += quarters.get(n, Quarter()).in_time >= target_share * whole - 1e-9
        running = quarters.get(current, Quarter())
        return QueueDay(
            quarters=Share(met, judged),
            now=Share(running.in_time, running.settled + late[current]),
            answered=sum(each.answered for each in quarters.values()),
            abandoned=sum(each.abandoned for each in quarters.values()),
            short=sum(each.short for each in quarters.values()),
        )

    def _waiting(self, queue: str, now: float) -> tuple[Counter[int], Counter[int]]:
        """By quarter hour, of those who have not been answered: late already, and not yet."""
        within_s = self.within_s.get(queue, math.inf)
        late: Counter[int] = Counter()
        unknown: Counter[int] = Counter()
        for entrant in self.open.values():
            if entrant.queue == queue:
                (late if now - entrant.entered > within_s else unknown)[int(entrant.entered // QUARTER_S)] += 1
        return late, unknown

    def told_waits(self, queue: str, *, since: float, now: float) -> PromiseHour:
        """How good the waits were that were told in the queue from then on, those of who still waits cut off now."""
        settled = self.promises.get(queue, [])
        key = (since, len(settled), now // _LOOK_AGAIN_S)
        if queue not in self._quality or self._quality[queue][0] != key:
            every = (*settled, *(each for each in self.told.unsettled(at=now) if each.queue == queue))
            told = [each for each in every if each.told_at >= since]
            self._quality[queue] = key, promise_hour(told, queue=queue, hour=0)
        return self._quality[queue][1]
