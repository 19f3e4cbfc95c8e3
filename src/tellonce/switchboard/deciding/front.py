"""Before the queue: what is known of an outage, a menu of one level, closing hours. Silence is a person."""

from tellonce.switchboard.board import Board, Outage
from tellonce.switchboard.commands import HangUp, Refuse, SayChoice, SayGoodbye, SayNews, StopRinging
from tellonce.switchboard.contacts import Contact, Stage
from tellonce.switchboard.deciding.callbacks import keep
from tellonce.switchboard.deciding.offers import serve, settle
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.decisions import Choice, ChoiceGiven, Ended, Entered, NewsWanted, Outcome
from tellonce.switchboard.dialling import refusal_to_dial
from tellonce.switchboard.facts import NOBODY, Arrived, ChoiceSaid, KeyPressed
from tellonce.switchboard.folding.contacts import heard
from tellonce.switchboard.settings import YES, Channel, Entry

SAID_WITHIN_S = 60.0
"""After so long a choice counts as heard, if nothing tells that it was: longer than all that is said before a queue."""

FAREWELL_S = 15.0
"""So long nobody is found for a callback that was asked for while a phone rang: the caller is hearing the goodbye."""


def arrived(step: Step, fact: Arrived) -> None:
    if fact.contact in step.board.contacts:
        return
    step.happened(fact)
    go_on(step, step.board.contacts[fact.contact])


def go_on(step: Step, contact: Contact) -> None:
    """The next thing that the contact has not heard, or its queue."""
    board = step.board
    entry = entry_of(board, contact)
    outage = _unheard_outage(board, contact)
    if outage is not None:
        _give(step, contact, Choice.OUTAGE, outage.outage, outage.expected_end)
    elif entry.menu and contact.channel == Channel.CALL:
        _give(step, contact, Choice.MENU, entry.number)
    else:
        enter(step, contact, entry.queue)


def entry_of(board: Board, contact: Contact) -> Entry:
    """Where it came in; what leads nowhere leads to the first queue, so that nobody is lost."""
    known = board.lines.entries.get(contact.entry)
    if known is not None:
        return known
    asked = contact.asked_queue
    return Entry(contact.entry, asked if asked in board.lines.queues else board.settings.queues[0].code)


def _unheard_outage(board: Board, contact: Contact) -> Outage | None:
    if contact.channel != Channel.CALL or not contact.area:
        return None
    for outage in board.outages.values():
        if outage.area == contact.area and heard(Choice.OUTAGE, outage.outage) not in contact.heard:
            return outage
    return None


def _give(step: Step, contact: Contact, choice: Choice, about: str, time: float = 0.0) -> None:
    board = step.board
    until = board.now + SAID_WITHIN_S + board.settings.choice_s
    step.happened(ChoiceGiven(board.now, contact.id, choice, until, about))
    step.do(SayChoice(contact.id, choice, about, time))


def choice_said(step: Step, fact: ChoiceSaid) -> None:
    """The time for it begins; what was said of an earlier one means nothing."""
    contact = step.board.contacts.get(fact.contact)
    if contact is None or contact.stage is not Stage.FRONT or not contact.choice:
        return
    if fact.what == heard(Choice(contact.choice), contact.about):
        step.happened(fact)


def enter(step: Step, contact: Contact, queue: str) -> None:
    """Into the queue, or told that it is closed. Who waits for a callback there takes that place."""
    board = step.board
    if queue in board.closed and contact.channel == Channel.CALL:
        _give(step, contact, Choice.CLOSED, queue, board.closed[queue])
        return
    since = board.now
    earlier = board.contacts.get(board.callbacks.get(contact.caller, "")) if contact.number else None
    is_same = earlier is not None and earlier.queue == queue
    if earlier is not None and is_same and earlier.stage in {Stage.WAITING, Stage.SCHEDULED}:
        since = min(earlier.entered, since)
        step.happened(Ended(board.now, earlier.id, Outcome.CAME_BACK))
    step.happened(Entered(board.now, contact.id, queue, since))
    settle(step, contact)


def key_pressed(step: Step, fact: KeyPressed) -> None:
    contact = step.board.contacts.get(fact.contact)
    if contact is None:
        return
    if contact.stage is Stage.FRONT and contact.choice:
        step.happened(fact)
        choose(step, contact, fact.key)
    elif contact.callback_offered and fact.key == YES and not contact.is_callback:
        _take_callback(step, contact, fact)


def _take_callback(step: Step, contact: Contact, fact: KeyPressed) -> None:
    """Also while a phone rings for them: it rings no more."""
    if contact.stage is Stage.WAITING:
        step.happened(fact)
        keep(step, contact, contact.queue)
    elif contact.stage is Stage.OFFERED:
        person = step.board.people[contact.person]
        step.happened(fact)
        step.do(StopRinging(contact.id, person.person))
        keep(step, contact, contact.queue, not_before=step.board.now + FAREWELL_S)
        serve(step, person)


def choose(step: Step, contact: Contact, key: str) -> None:
    """What a key (or silence, "") means where the contact is."""
    board = step.board
    match contact.choice:
        case Choice.OUTAGE if key == YES and contact.about in board.outages:
            _want_news(step, contact)
        case Choice.CLOSED if contact.about not in board.lines.queues:  # retired while they heard that it is closed
            enter(step, contact, entry_of(board, contact).queue)
        case Choice.CLOSED if key == YES and _may_call(step, contact):
            keep(step, contact, contact.about, due_at=board.closed.get(contact.about, board.now))
        case Choice.CLOSED if contact.about in board.closed:
            step.happened(Ended(board.now, contact.id, Outcome.CLOSED))
            step.do(SayGoodbye(contact.id), HangUp(contact.id))
        case Choice.CLOSED:
            enter(step, contact, contact.about)
        case Choice.MENU:
            entry = entry_of(board, contact)
            enter(step, contact, entry.menu.get(key, entry.queue))
        case _:
            go_on(step, contact)


def _want_news(step: Step, contact: Contact) -> None:
    """Who is on record is written to; of anybody else there is only a number, which we must be able to call."""
    if not contact.customer and not _may_call(step, contact):
        go_on(step, contact)
        return
    at = step.board.now
    step.happened(NewsWanted(at, contact.id, contact.about))
    step.happened(Ended(at, contact.id, Outcome.INFORMED))
    step.do(SayNews(contact.id), HangUp(contact.id))


def _may_call(step: Step, contact: Contact) -> bool:
    why = refusal_to_dial(contact.number, step.board.settings.dialling)
    if why is not None:
        step.do(Refuse(contact.id, NOBODY, why))
    return why is None
