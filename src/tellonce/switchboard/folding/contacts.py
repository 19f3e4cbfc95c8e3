"""Contacts: they arrive, wait, are told, are passed on, and end."""

import math
from collections.abc import Callable
from typing import Any

from tellonce.switchboard.board import Board
from tellonce.switchboard.contacts import Account, Contact, Stage
from tellonce.switchboard.decisions import (
    Choice,
    ChoiceGiven,
    ConsultBegan,
    ConsultUnanswered,
    Ended,
    Entered,
    Form,
    Outcome,
    Overflowed,
    PassedOn,
    Transferred,
    WaitTold,
)
from tellonce.switchboard.facts import NOBODY, Arrived, ChoiceSaid, ConsultEnded, Held, Resumed
from tellonce.switchboard.folding.recordings import end_recording
from tellonce.switchboard.timers import Timer


def heard(choice: Choice, about: str) -> str:
    """How it is kept that a contact was given a choice."""
    return f"{choice}:{about}"


def _arrived(board: Board, event: Arrived) -> None:
    board.contacts[event.contact] = Contact(
        event.contact, event.channel, board.settings.weight(event.channel), event.number, event.customer, event.area,
        event.entry, asked_queue=event.queue, efforts=event.efforts, last_person=event.last_person,
        last_at=event.last_at, entered=event.at, story=event.story, needs_phone=event.needs_phone,
    )  # fmt: skip
    board.note_choosy(board.contacts[event.contact])


def _choice_given(board: Board, event: ChoiceGiven) -> None:
    contact = board.contacts[event.contact]
    contact.choice, contact.about = event.choice, event.about
    contact.heard += (heard(event.choice, event.about),)
    board.timers.set(Timer.CHOICE, contact.id, event.until)


def _choice_said(board: Board, event: ChoiceSaid) -> None:
    board.timers.set(Timer.CHOICE, event.contact, event.at + board.settings.choice_s)


def _entered(board: Board, event: Entered) -> None:
    contact = board.contacts[event.contact]
    board.leave(contact)
    contact.choice = contact.about = ""
    contact.queue, contact.entered = event.queue, event.since
    _come_to_line(board, contact)
    board.book(contact, Account.WAITING)


def _come_to_line(board: Board, contact: Contact) -> None:
    """As new in its queue: which has its own wait, and its own overflow."""
    queue = board.queue_of(contact)
    contact.due, contact.told_until, contact.callback_offered = math.inf, 0.0, False
    contact.is_overflowing = queue.overflows and queue.overflow_after_s <= 0.0
    board.set_line(contact)
    board.past.note_arrival(contact.line, at=board.now)
    board.join(contact)


def _wait_told(board: Board, event: WaitTold) -> None:
    contact = board.contacts[event.contact]
    if not contact.told_until and event.high_s < math.inf:
        contact.due = event.at + event.high_s
        board.waiting.change(contact.id, due=contact.due)
    contact.told_until = event.at + event.high_s if event.form is not Form.NOT_KNOWN else math.inf
    contact.callback_offered = contact.callback_offered or event.offers_callback
    board.timers.set(Timer.RETELL, contact.id, event.at + board.settings.retell_s)


def _overflowed(board: Board, event: Overflowed) -> None:
    contact = board.contacts[event.contact]
    contact.is_overflowing = True
    board.set_line(contact)
    board.waiting.change(contact.id, line=contact.line)


def _held(board: Board, event: Held) -> None:
    board.contacts[event.contact].is_held = True


def _resumed(board: Board, event: Resumed | ConsultEnded) -> None:
    contact = board.contacts[event.contact]
    contact.is_held, contact.unanswered_by = False, NOBODY


def _passed_on(board: Board, event: PassedOn) -> None:
    contact = board.contacts[event.contact]
    board.leave(contact)
    board.release(contact, wrap_until=event.wrap_until)
    contact.queue, contact.entered = event.queue, event.at
    contact.efforts += 1
    contact.last_person, contact.missed_by, contact.unanswered_by = NOBODY, (), NOBODY
    contact.is_held, contact.note, contact.story = False, event.line, event.story or contact.story
    _come_to_line(board, contact)


def _consult_began(board: Board, event: ConsultBegan) -> None:
    contact = board.contacts[event.contact]
    contact.is_held, contact.consult, contact.unanswered_by = True, event.leg, NOBODY
    leg = Contact(event.leg, contact.channel, contact.weight, queue=event.queue, entered=event.at, parent=contact.id,
                  efforts=contact.efforts, story=event.story or contact.story, note=event.line,
                  needs_phone=contact.needs_phone)  # fmt: skip
    board.contacts[leg.id] = leg
    board.note_choosy(leg)
    _come_to_line(board, leg)


def _consult_unanswered(board: Board, event: ConsultUnanswered) -> None:
    board.contacts[event.contact].unanswered_by = event.person


def _transferred(board: Board, event: Transferred) -> None:
    contact, leg = board.contacts[event.contact], board.contacts.pop(event.leg)
    board.may_ask_again(leg)
    board.choosy.discard(leg.id)
    colleague = board.people[event.colleague]
    board.release(contact, wrap_until=event.wrap_until)
    del colleague.contacts[leg.id]
    colleague.contacts[contact.id] = contact.weight
    contact.person, contact.queue = colleague.person, leg.queue
    contact.consult, contact.is_held = "", False
    contact.note, contact.story = leg.note, leg.story
    contact.efforts += 1
    board.set_line(contact)


def _ended(board: Board, event: Ended) -> None:
    contact = board.contacts[event.contact]
    board.leave(contact)
    if contact.stage is Stage.WAITING and not contact.is_callback and event.outcome is Outcome.ABANDONED:
        board.past.note_end(event.at - contact.entered, has_left=True)
    if contact.account is Account.WAITING:
        board.book(contact, Account.ANSWERED if event.outcome is Outcome.TAKEN else Account.ABANDONED)
    board.release(contact, wrap_until=event.wrap_until)
    end_recording(board, contact)
    if board.dialled.get(contact.number) == contact.id:
        del board.dialled[contact.number]
    if board.callbacks.get(contact.caller) == contact.id:
        del board.callbacks[contact.caller]
    if contact.parent in board.contacts:
        board.contacts[contact.parent].consult = ""
    board.may_ask_again(contact)
    board.choosy.discard(contact.id)
    del board.contacts[contact.id]


FOLDS: dict[type, Callable[[Board, Any], None]] = {
    Arrived: _arrived,
    ChoiceGiven: _choice_given,
    ChoiceSaid: _choice_said,
    Entered: _entered,
    WaitTold: _wait_told,
    Overflowed: _overflowed,
    Held: _held,
    Resumed: _resumed,
    PassedOn: _passed_on,
    ConsultBegan: _consult_began,
    ConsultUnanswered: _consult_unanswered,
    ConsultEnded: _resumed,
    Transferred: _transferred,
    Ended: _ended,
}
