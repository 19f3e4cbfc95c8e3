"""Settings, hours, outages, and what becomes due as time passes."""

from collections.abc import Iterator, Sequence

from tellonce.switchboard.commands import SendNews
from tellonce.switchboard.contacts import Stage
from tellonce.switchboard.deciding import callbacks
from tellonce.switchboard.deciding.front import choose
from tellonce.switchboard.deciding.offers import is_told, lapse, not_reached, seat, serve, tell
from tellonce.switchboard.deciding.recording import go_on
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.decisions import AskedAgain, NewsDue, NewsOwed, Overflowed, WrapEnded
from tellonce.switchboard.facts import (
    BegunAnew,
    Calibrated,
    Configured,
    OutageBegan,
    OutageEnded,
    PhonesKnown,
    QueueClosed,
    QueueOpened,
    TimePassed,
    TimerDropped,
)
from tellonce.switchboard.lines import Lines
from tellonce.switchboard.settings import check_settings
from tellonce.switchboard.telling import estimate
from tellonce.switchboard.timers import Timer


def configured(step: Step, fact: Configured) -> None:
    """SettingsError or RoutingInputError when they do not fit together: then nothing changes."""
    check_settings(fact.settings)
    Lines(fact.settings)
    step.happened(fact)
    serve_everybody(step)


def serve_everybody(step: Step) -> None:
    """Whoever is free looks again at who waits."""
    for number in [int(person) for person in step.board.free.person]:
        serve(step, step.board.people[number])


def phones_known(step: Step, fact: PhonesKnown) -> None:
    """Calls that need a phone may be taken by whoever has one now."""
    if step.board.phones != frozenset(fact.persons):
        step.happened(fact)
        serve_everybody(step)


def calibrated(step: Step, fact: Calibrated) -> None:
    step.happened(fact)


def queue_closed(step: Step, fact: QueueClosed) -> None:
    if fact.queue in step.board.lines.queues:
        step.happened(fact)
        if fact.opens_at:
            callbacks.opening_known(step, fact.queue, fact.opens_at)


def queue_opened(step: Step, fact: QueueOpened) -> None:
    if fact.queue in step.board.closed:
        step.happened(fact)
        callbacks.opened(step, fact.queue)


def outage_began(step: Step, fact: OutageBegan) -> None:
    step.happened(fact)


def outage_ended(step: Step, fact: OutageEnded) -> None:
    if fact.outage not in step.board.outages:
        return
    step.happened(fact)
    wanted = step.board.news
    step.happened(NewsDue(fact.at, fact.outage, len(wanted)))
    for contact, number, customer in _each_once(wanted):
        step.happened(NewsOwed(fact.at, contact, fact.outage))
        step.do(SendNews(fact.outage, contact, number, customer))


def _each_once(wanted: Sequence[tuple[str, str, int]]) -> Iterator[tuple[str, str, int]]:
    """Who called twice hears once; so does who was on record in one of the calls only."""
    known = {number for _contact, number, customer in wanted if customer and number}
    seen: set[tuple[int, str]] = set()
    for contact, number, customer in wanted:
        whose = (customer, "" if customer else number)
        if whose not in seen and (customer or number not in known):
            seen.add(whose)
            yield contact, number, customer


def time_passed(step: Step, fact: TimePassed) -> None:
    first = step.board.timers.next_due()
    if first is None or first > fact.at:
        return
    step.happened(fact)
    for timer, whom in step.board.fired:
        step.due = timer, whom
        if timer is Timer.WRAP:
            _wrap_over(step, int(whom))
        elif whom in step.board.contacts:
            _due(step, timer, whom)


def timer_dropped(step: Step, fact: TimerDropped) -> None:
    step.happened(fact)


def begun_anew(step: Step, fact: BegunAnew) -> None:
    step.happened(fact)


def _wrap_over(step: Step, number: int) -> None:
    person = step.board.people[number]
    if person.is_wrapping:
        step.happened(WrapEnded(step.board.now, number))
        serve(step, person)


def _due(step: Step, timer: Timer, whom: str) -> None:
    """An earlier thing that was due may have changed where the contact is."""
    contact = step.board.contacts[whom]
    match timer, contact.stage:
        case Timer.CHOICE, Stage.FRONT:
            choose(step, contact, "")
        case Timer.RING, Stage.OFFERED:
            lapse(step, contact, is_miss=True)
        case Timer.ASK_AGAIN, _:
            step.happened(AskedAgain(step.board.now, whom))
            if contact.stage is Stage.WAITING:
                seat(step, contact)
        case Timer.DIAL, Stage.DIALLING:
            not_reached(step, contact)
        case Timer.CALLBACK, Stage.SCHEDULED:
            callbacks.due(step, contact)
        case Timer.OVERFLOW, Stage.WAITING:
            step.happened(Overflowed(step.board.now, whom))
            seat(step, contact)
        case Timer.RECORDING, Stage.TALKING:
            go_on(step, contact)
        case Timer.RETELL, Stage.WAITING:
            _tell_if_worse(step, whom)


def _tell_if_worse(step: Step, whom: str) -> None:
    """A wait is told again when half of such contacts would still wait past what was told, or it is known at last."""
    board = step.board
    contact = board.contacts[whom]
    if not is_told(contact):
        return
    seconds = estimate(board, contact)
    is_known, was_known = seconds[2] < float("inf"), contact.told_until < float("inf")
    is_worse = was_known and (not is_known or board.now + seconds[1] > contact.told_until)
    if is_worse or (is_known and not was_known):
        tell(step, contact, seconds)
