"""Callbacks: the place is kept, the time comes, the customer is dialled."""

from collections.abc import Callable
from typing import Any

from tellonce.switchboard.board import Board
from tellonce.switchboard.contacts import Account, Contact, Stage
from tellonce.switchboard.decisions import CallbackDue, CallbackKept, CallbackPostponed, Dialled
from tellonce.switchboard.facts import CallbackPromised, DialAnswered, LineLost
from tellonce.switchboard.folding.recordings import begin_recording, end_recording
from tellonce.switchboard.settings import WHOLE, Channel
from tellonce.switchboard.timers import Timer


def _callback_promised(board: Board, event: CallbackPromised) -> None:
    contact = Contact(
        event.contact, Channel.CALL, WHOLE, event.number, event.customer, queue=event.queue, entered=event.due_at,
        is_callback=True, promise=event.promise, story=event.story, note=event.note,
    )  # fmt: skip
    board.contacts[contact.id] = contact
    board.set_line(contact)
    board.book(contact, Account.CALLBACK)
    _schedule(board, contact, event.due_at)


def _schedule(board: Board, contact: Contact, due_at: float) -> None:
    """It waits for its time; the wait counts from then."""
    contact.stage, contact.entered = Stage.SCHEDULED, due_at
    board.timers.set(Timer.CALLBACK, contact.id, due_at)


def _schedule_in_place(board: Board, contact: Contact, due_at: float) -> None:
    """It waits for its time, and its wait counts on."""
    since = contact.entered
    _schedule(board, contact, due_at)
    contact.entered = since


def _callback_kept(board: Board, event: CallbackKept) -> None:
    contact = board.contacts[event.contact]
    has_place = contact.stage is not Stage.FRONT
    board.leave(contact)
    board.release(contact, wrap_until=0.0)
    contact.is_callback, contact.is_held, contact.callback_offered = True, False, False
    end_recording(board, contact)
    contact.queue = event.queue
    board.set_line(contact)
    contact.choice = contact.about = ""
    contact.missed_by = ()
    board.may_ask_again(contact)
    contact.until_open = event.until_open
    _forget_dialled(board, contact)
    board.callbacks[contact.caller] = contact.id
    if contact.account is not Account.ANSWERED:
        board.book(contact, Account.CALLBACK)
    if event.due_at > event.at and has_place:
        _schedule_in_place(board, contact, event.due_at)
    elif event.due_at > event.at:
        _schedule(board, contact, event.due_at)
    else:
        board.join(contact)


def _line_lost(board: Board, event: LineLost) -> None:
    contact = board.contacts[event.contact]
    contact.was_lost = contact.was_lost or not contact.is_callback


def _callback_postponed(board: Board, event: CallbackPostponed) -> None:
    contact = board.contacts[event.contact]
    board.leave(contact)
    board.release(contact, wrap_until=0.0)
    _forget_dialled(board, contact)
    contact.tries += event.is_try
    (_schedule if event.is_try else _schedule_in_place)(board, contact, event.due_at)


def _forget_dialled(board: Board, contact: Contact) -> None:
    if board.dialled.get(contact.number) == contact.id:
        del board.dialled[contact.number]


def _callback_due(board: Board, event: CallbackDue) -> None:
    contact = board.contacts[event.contact]
    contact.until_open = False
    contact.entered = min(contact.entered, event.at)  # sooner than was thought
    board.join(contact)


def _dialled(board: Board, event: Dialled) -> None:
    contact = board.contacts[event.contact]
    contact.stage = Stage.DIALLING
    board.timers.set(Timer.DIAL, contact.id, event.until)


def _dial_answered(board: Board, event: DialAnswered) -> None:
    contact = board.contacts[event.contact]
    board.leave(contact)
    contact.stage, contact.is_callback = Stage.TALKING, False
    board.callbacks.pop(contact.caller, None)
    begin_recording(board, contact)
    board.book(contact, Account.ANSWERED)


FOLDS: dict[type, Callable[[Board, Any], None]] = {
    CallbackPromised: _callback_promised,
    CallbackKept: _callback_kept,
    CallbackPostponed: _callback_postponed,
    CallbackDue: _callback_due,
    Dialled: _dialled,
    DialAnswered: _dial_answered,
    LineLost: _line_lost,
}
