"""People: what they wish, and what they are offered."""

from collections.abc import Callable
from typing import Any

from tellonce.lab.routing import count_given
from tellonce.switchboard.board import Board
from tellonce.switchboard.contacts import Account, Contact, Stage
from tellonce.switchboard.decisions import AskedAgain, Offered, OfferLapsed, PersonPaused, WrapEnded
from tellonce.switchboard.facts import Answered, PersonSet, PhonesKnown, Presence, ShiftPlanned, WrappedUp
from tellonce.switchboard.folding.recordings import begin_recording
from tellonce.switchboard.settings import WHOLE
from tellonce.switchboard.timers import Timer

NOT_ANSWERED = "not_answered"
"""The reason of who is paused because they did not answer."""


def _person_set(board: Board, event: PersonSet) -> None:
    person = board.people[event.person]
    if person.is_wrapping:
        board.end_wrap(person)
    person.missed = 0
    board.set_presence(person, event.presence, event.reason)


def _shift_planned(board: Board, event: ShiftPlanned) -> None:
    board.planned.plan(event.person, event.spells)


def _phones_known(board: Board, event: PhonesKnown) -> None:
    board.phones = frozenset(event.persons)


def _wrapped_up(board: Board, event: WrappedUp | WrapEnded) -> None:
    board.end_wrap(board.people[event.person])


def _person_paused(board: Board, event: PersonPaused) -> None:
    person = board.people[event.person]
    person.missed = 0
    board.set_presence(person, Presence.PAUSED, NOT_ANSWERED)


def _offered(board: Board, event: Offered) -> None:
    contact, person = board.contacts[event.contact], board.people[event.person]
    board.leave(contact)
    if event.at > contact.entered:
        board.past.note_end(event.at - contact.entered, has_left=False)
    contact.stage, contact.person, contact.offered = Stage.OFFERED, person.person, event.at
    contact.is_direct = event.is_direct
    person.contacts[contact.id] = contact.weight
    person.ringing = contact.id
    if contact.weight == WHOLE:
        person.began = event.at
    board.refresh(person)
    board.timers.set(Timer.RING, contact.id, event.until)
    if contact.is_callback and contact.number:
        board.dialled[contact.number] = contact.id
    _count_share(board, contact, person.group)


def _count_share(board: Board, contact: Contact, group: int) -> None:
    plan = board.lines.plan
    if len(plan.target) and group >= 0:
        count_given(plan, board.lag, board.given, int(plan.skill[contact.line]), group)


def _offer_lapsed(board: Board, event: OfferLapsed) -> None:
    contact, person = board.contacts[event.contact], board.people[event.person]
    board.leave(contact)
    if event.is_miss:
        board.past.note_rung(event.at - contact.offered, is_answered=False)
        person.missed += 1
        contact.missed_by += (person.person,)
    if event.ask_again_at:
        contact.not_now += (person.person,)
        board.note_choosy(contact)
        board.timers.set(Timer.ASK_AGAIN, contact.id, event.ask_again_at)
    person.began = 0.0
    board.release(contact, wrap_until=0.0)
    if board.dialled.get(contact.number) == contact.id:
        del board.dialled[contact.number]
    board.join(contact)


def _asked_again(board: Board, event: AskedAgain) -> None:
    board.may_ask_again(board.contacts[event.contact])


def _answered(board: Board, event: Answered) -> None:
    contact, person = board.contacts[event.contact], board.people[event.person]
    board.leave(contact)
    contact.stage = Stage.TALKING
    contact.missed_by = ()
    board.may_ask_again(contact)
    person.ringing, person.missed = "", 0
    board.refresh(person)
    board.past.note_rung(event.at - contact.offered, is_answered=True)
    if not contact.is_callback:
        begin_recording(board, contact)
        board.book(contact, Account.ANSWERED)


FOLDS: dict[type, Callable[[Board, Any], None]] = {
    PersonSet: _person_set,
    PhonesKnown: _phones_known,
    ShiftPlanned: _shift_planned,
    WrappedUp: _wrapped_up,
    WrapEnded: _wrapped_up,
    PersonPaused: _person_paused,
    Offered: _offered,
    OfferLapsed: _offer_lapsed,
    AskedAgain: _asked_again,
    Answered: _answered,
}
