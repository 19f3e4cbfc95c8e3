"""What became of one contact, from its own events."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tellonce.switchboard.decisions import (
    CallbackKept,
    Choice,
    ChoiceGiven,
    ConsultBegan,
    Dialled,
    Ended,
    Entered,
    NewsOwed,
    NewsWanted,
    Offered,
    Outcome,
    PassedOn,
    Transferred,
    WaitTold,
)
from tellonce.switchboard.facts import NOBODY, Answered, Arrived, CallbackPromised, DialAnswered
from tellonce.switchboard.folding import Event


@dataclass(frozen=True, slots=True)
class Holding:
    """A person who has had the contact since `at`; `line` is what whoever passed it on wrote for them."""

    person: int
    at: float
    line: str = ""


@dataclass(slots=True)
class Trail:
    """One contact. Times are seconds since 1970, 0 for what has not happened.

    Attributes:
        channel: "" for a callback that was promised, until it is a call.
        entry: the number dialled, or `asked_queue` where it came to without one.
        queue: where it entered, and `last_queue` where it waited last.
        entered_at: when its wait began to count.
        is_ours: we began it, by a callback that was promised.
        holders: who had it, in order.
        is_callback: the customer is not on the line and will be called.
        was_closed: they were told that the queue is closed.
        rung: who was rung last; `line` is what was written for who takes it next.
    """

    contact: str
    channel: str = ""
    number: str = ""
    customer: int = 0
    arrived_at: float = 0.0
    queue: str = ""
    last_queue: str = ""
    entered_at: float = 0.0
    is_ours: bool = False
    holders: list[Holding] = field(default_factory=list)
    told: list[WaitTold] = field(default_factory=list)
    ended_at: float = 0.0
    outcome: Outcome | None = None
    is_callback: bool = False
    was_closed: bool = False
    rung: int = NOBODY
    line: str = ""
    outage: str = ""
    news_wanted_at: float = 0.0
    news_owed_at: float = 0.0
    promise: str = ""
    story: str = ""
    entry: str = ""
    asked_queue: str = ""
    dialled_at: float = 0.0
    tries: int = 0

    @property
    def answered_at(self) -> float:
        """When the first person had it."""
        return self.holders[0].at if self.holders else 0.0

    @property
    def is_turned_away(self) -> bool:
        """Whether they called us and came to no queue: it was closed, or the line was lost before."""
        if self.entered_at or self.is_ours:
            return False
        is_left = self.outcome in {Outcome.CLOSED, Outcome.LEFT_MENU} and self.was_closed
        return is_left or self.outcome is Outcome.LOST

    @property
    def transfers(self) -> int:
        """How often it was passed on to somebody."""
        return max(len(self.holders) - 1, 0)


def trail_of(contact: str, events: Iterable[Event]) -> Trail:
    """The trail of a contact from the events that name it, in order."""
    trail = Trail(contact)
    for event in events:
        _follow(trail, event)
    return trail


def _follow(trail: Trail, event: Event) -> None:
    match event:
        case Arrived():
            trail.channel, trail.number, trail.customer = event.channel, event.number, event.customer
            trail.arrived_at, trail.story = event.at, event.story
            trail.entry, trail.asked_queue = event.entry, event.queue
        case CallbackPromised():
            trail.number, trail.customer, trail.is_ours = event.number, event.customer, True
            trail.promise = event.promise
            trail.queue = trail.last_queue = event.queue
            trail.is_callback = True
            trail.arrived_at = trail.entered_at = event.due_at
        case Entered():
            trail.queue = trail.queue or event.queue
            trail.last_queue = event.queue
            trail.entered_at = trail.entered_at or event.since
        case ChoiceGiven(choice=Choice.CLOSED):
            trail.queue, trail.was_closed = trail.queue or event.about, True
        case WaitTold():
            trail.told.append(event)
        case Ended():
            trail.ended_at, trail.outcome = event.at, event.outcome
        case NewsWanted():
            trail.outage, trail.news_wanted_at = event.outage, event.at
        case NewsOwed():
            trail.news_owed_at = event.at
        case _:
            _follow_people(trail, event)


def _follow_people(trail: Trail, event: Event) -> None:
    match event:
        case Offered():
            trail.rung = event.person
        case Answered():
            if not trail.is_callback:  # who takes a callback has nobody on the line yet
                _held_by(trail, event.person, event.at)
        case CallbackKept():
            trail.is_callback = True
        case Dialled():
            trail.dialled_at, trail.tries = trail.dialled_at or event.at, trail.tries + 1
        case DialAnswered():
            trail.channel, trail.is_callback = "call", False
            _held_by(trail, trail.rung, event.at)
        case PassedOn():
            trail.line, trail.last_queue = event.line, event.queue
        case ConsultBegan():
            trail.line = event.line
        case Transferred():
            _held_by(trail, event.colleague, event.at)


def _held_by(trail: Trail, person: int, at: float) -> None:
    trail.holders.append(Holding(person, at, trail.line))
    trail.line = ""
