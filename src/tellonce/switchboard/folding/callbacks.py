"""Callbacks: the place is kept, the time comes, the customer is dialled."""

from collections.abc import Callable
from typing import Any

from tellonce.switchboard.board import Board
from tellonce.switchboard.contacts import Account, Contact, Stage
from tellonce.switchboard.decisions import CallbackDue, CallbackKept, CallbackPostponed, Dialled
from tellonce.switchboard.facts import CallbackPromised, DialAnswered
from tellonce.switchboard.settings import WHOLE, Channel
from tellonce.switchboard.timers import Timer


def _callback_promised(board: Board, event: CallbackPromised) -> None:
    contact = Contact(
        event.contact, Channel.CALL, WHOLE, event.number, event.customer, queue=event.queue, entered=event.due_at,
        is_callback=True, promise=event.promise, story=event.story,
    )  # fmt: skip
    board.contacts[contact.id] = contact
    board.set_line(contact)
    board.book(contact, Account.CALLBACK)
    _schedule(board, contact, event.due_at)


def _schedule(board: Board, contact: Contact, due_at: float) -> None:
    """It waits for its time; the wait counts from then."""
    contact.stage, contact.entered = Stage.SCHEDULED, due_at
    board.timers.set(Timer.CALLBACK, contact.id, due_at)


def _callback_kept(board: Board, event: CallbackKept) -> None:
    contact = board.contacts[event.contact]
    board.leave(contact)
    board.release(contact, wrap_until=0.0)
    contact.is_callback, contact.is_held, contact.callback_offered = True, False, False
    contact.queue = event.queue
    board.set_line(contact)
    contact.choice = contact.about = ""
    contact.missed_by = ()
    _forget_dialled(board, contact)
    board.callbacks[contact.caller] = contact.id
    if contact.account is not Account.ANSWERED:
        board.book(contact, Account.CALLBACK)
    if event.due_at > event.at:
        _schedule(board, contact, event.due_at)
    else:
        board.join(contact)


def _callback_postponed(board: Board, event: CallbackPostponed) -> None:
    contact = board.contacts[event.contact]
    board.leave(contact)
    board.release(contact, wrap_until=0.0)
    _forget_dialled(board, contact)
    contact.tries += event.is_try
    _schedule(board, contact, event.due_at)


def _forget_dialled(board: Board, contact: Contact) -> None:
    if board.dialled.get(contact.number) == contact.id:
        del board.dialled[contact.number]


def _callback_due(board: Board, event: CallbackDue) -> None:
    board.join(board.contacts[event.contact])


def _dialled(board: Board, event: Dialled) -> None:
    contact = board.contacts[event.contact]
    contact.stage = Stage.DIALLING
    board.timers.set(Timer.DIAL, contact.id, event.until)


def _dial_answered(board: Board, event: DialAnswered) -> None:
    contact = board.contacts[event.contact]
    board.leave(contact)
    contact.stage, contact.is_callback = Stage.TALKING, False
    board.callbacks.pop(contact.caller, None)
    board.book(contact, Account.ANSWERED)


FOLDS: dict[type, Callable[[Board, Any], None]] = {
    CallbackPromised: _callback_promised,
    CallbackKept: _callback_kept,
    CallbackPostponed: _callback_postponed,
    CallbackDue: _callback_due,
    Dialled: _dialled,
    DialAnswered: _dial_answered,
}
