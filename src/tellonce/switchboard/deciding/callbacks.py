"""Callbacks: the place is kept; nobody is called twice at once, nor ahead of those who wait."""

from tellonce.switchboard.commands import HangUp, Refusal, Refuse, Release, SayCallback, StopRinging
from tellonce.switchboard.contacts import Contact, Stage
from tellonce.switchboard.deciding.offers import give_up, not_reached, seat, serve
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.deciding.talking import end_consult
from tellonce.switchboard.decisions import CallbackDue, CallbackKept, CallbackPostponed, Ended, Outcome
from tellonce.switchboard.dialling import refusal_to_dial
from tellonce.switchboard.facts import NOBODY, CallbackPromised, CallbackWithdrawn, LineLost

_LOOK_AGAIN_S = 7 * 86_400.0
"""A queue that nobody has opened by then is not waited for any longer: whoever is there calls."""


def keep(step: Step, contact: Contact, queue: str, *, due_at: float = 0.0, not_before: float = 0.0) -> None:
    """The caller may hang up: their place is kept, or they are called at `due_at`, which they are told.

    Of a closed queue with no opening that is known they are called when it opens.
    """
    now = step.board.now
    until_open = contact.stage is Stage.FRONT and step.board.closed.get(queue) == 0.0
    at = now + _LOOK_AGAIN_S if until_open else max(due_at, not_before, now)
    step.happened(CallbackKept(now, contact.id, queue, at, until_open))
    step.do(SayCallback(contact.id, due_at), HangUp(contact.id))
    if contact.stage is Stage.WAITING:
        seat(step, contact)


def promised(step: Step, fact: CallbackPromised) -> None:
    board = step.board
    if fact.contact in board.contacts:
        return
    why = refusal_to_dial(fact.number, board.settings.dialling)
    if fact.queue not in board.lines.queues:
        why = Refusal.UNKNOWN_QUEUE
    if why is not None:
        step.do(Refuse(fact.contact, NOBODY, why))
        return
    step.happened(fact)


def withdrawn(step: Step, fact: CallbackWithdrawn) -> None:
    contact = step.board.contacts.get(fact.contact)
    if contact is None or not contact.is_callback or contact.stage not in {Stage.WAITING, Stage.SCHEDULED}:
        return
    step.happened(fact)
    step.happened(Ended(step.board.now, contact.id, Outcome.WITHDRAWN))


def due(step: Step, contact: Contact) -> None:
    """The time of a callback has come."""
    if refusal_to_dial(contact.number, step.board.settings.dialling) is not None:
        give_up(step, contact)
        return
    step.happened(CallbackDue(step.board.now, contact.id))
    seat(step, contact)


def opened(step: Step, queue: str) -> None:
    """Who was to be called when the queue opens, in the order in which they called."""
    for contact in _waiting_for(step, queue):
        due(step, contact)


def opening_known(step: Step, queue: str, opens_at: float) -> None:
    """They are called then."""
    for contact in _waiting_for(step, queue):
        step.happened(CallbackPostponed(step.board.now, contact.id, opens_at, is_try=False))


def _waiting_for(step: Step, queue: str) -> list[Contact]:
    found = step.board.contacts.values()
    return [each for each in found if each.until_open and each.queue == queue and each.stage is Stage.SCHEDULED]


def line_lost(step: Step, fact: LineLost) -> None:
    board = step.board
    contact = board.contacts.get(fact.contact)
    if contact is None or (contact.is_callback and contact.stage is not Stage.DIALLING):
        return
    step.happened(fact)
    if contact.stage is Stage.DIALLING:
        not_reached(step, contact)
        return
    person, consulted = board.people.get(contact.person), end_consult(step, contact)
    listener = board.people.get(contact.listener)
    if person is not None:
        step.do(StopRinging(contact.id, person.person), Release(contact.id, person.person))
    _call_back_or_lose(step, contact)
    for each in (person, consulted, listener):
        if each is not None:
            serve(step, each)


def _call_back_or_lose(step: Step, contact: Contact) -> None:
    board = step.board
    may_call = refusal_to_dial(contact.number, board.settings.dialling) is None
    if contact.parent or contact.stage is Stage.FRONT or not may_call:
        step.happened(Ended(board.now, contact.id, Outcome.LOST, contact.person))
        return
    step.happened(CallbackKept(board.now, contact.id, contact.queue, board.now))
    seat(step, contact)
