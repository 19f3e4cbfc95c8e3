"""Callbacks: the place is kept; nobody is called twice at once, nor ahead of those who wait."""

from tellonce.switchboard.commands import HangUp, Refusal, Refuse, Release, SayCallback, StopRinging
from tellonce.switchboard.contacts import Contact, Stage
from tellonce.switchboard.deciding.offers import give_up, not_reached, seat, serve
from tellonce.switchboard.deciding.step import Step
from tellonce.switchboard.deciding.talking import end_consult
from tellonce.switchboard.decisions import CallbackDue, CallbackKept, Ended, Outcome
from tellonce.switchboard.dialling import refusal_to_dial
from tellonce.switchboard.facts import NOBODY, CallbackPromised, CallbackWithdrawn, LineLost


def keep(step: Step, contact: Contact, queue: str, *, due_at: float = 0.0) -> None:
    """The caller may hang up: their place is kept, or they are called at an agreed time."""
    step.happened(CallbackKept(step.board.now, contact.id, queue, max(due_at, step.board.now)))
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
    if person is not None:
        step.do(StopRinging(contact.id, person.person), Release(contact.id, person.person))
    _call_back_or_lose(step, contact)
    for each in (person, consulted):
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
