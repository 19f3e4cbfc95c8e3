"""What a driver tells, as facts for the engine."""

from collections.abc import Callable, Iterator
from typing import Any

from tellonce.switchboard.board import Board
from tellonce.switchboard.callers import shown_number
from tellonce.switchboard.commands import Command, Dial, Listen, Ring, StopListening
from tellonce.switchboard.contacts import Stage
from tellonce.switchboard.drivers.told import (
    Called,
    CustomerAnswered,
    CustomerNotReached,
    DriverLost,
    Gone,
    KeySent,
    LineBroke,
    ListenerGone,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
    Said,
    Told,
    WhyNot,
)
from tellonce.switchboard.facts import (
    Answered,
    Arrived,
    ChoiceSaid,
    DialAnswered,
    DialFailed,
    Fact,
    Finished,
    HungUp,
    KeyPressed,
    LineLost,
    ListeningEnded,
    NotAnswered,
    TransferAsked,
)


def facts_of_told(board: Board, told: Told, *, at: float) -> Iterator[Fact]:
    """What it means; nothing for what concerns the engine not at all."""
    meaning = _MEANS.get(type(told))
    return meaning(board, told, at) if meaning else iter(())


def _called(_board: Board, told: Called, at: float) -> Iterator[Fact]:
    number = shown_number(told.number)
    yield Arrived(at, told.call, entry=told.entry, number=number, needs_phone=told.needs_phone)


def _said(_board: Board, told: Said, at: float) -> Iterator[Fact]:
    yield ChoiceSaid(at, told.call, told.what)


def _key(_board: Board, told: KeySent, at: float) -> Iterator[Fact]:
    yield KeyPressed(at, told.call, told.key)


def _gone(_board: Board, told: Gone, at: float) -> Iterator[Fact]:
    yield HungUp(at, told.call)


def _broke(_board: Board, told: LineBroke, at: float) -> Iterator[Fact]:
    yield LineLost(at, told.call)


def _person_answered(_board: Board, told: PersonAnswered, at: float) -> Iterator[Fact]:
    yield Answered(at, told.call, told.person)


def _person_not_reached(_board: Board, told: PersonNotReached, at: float) -> Iterator[Fact]:
    """Only who let it ring has missed it; many phones are busy when they are told to decline."""
    yield NotAnswered(at, told.call, told.person, is_miss=told.why is WhyNot.NO_ANSWER)


def _person_gone(board: Board, told: PersonGone, at: float) -> Iterator[Fact]:
    """Who hangs up has finished; whose phone is lost has not, and the caller goes back to the queue."""
    contact = board.contacts.get(told.call)
    is_talking = contact is not None and contact.stage is Stage.TALKING and contact.person == told.person
    if told.is_lost and contact is not None and is_talking and not contact.parent:
        yield TransferAsked(at, told.call, told.person, line="", queue=contact.queue)
    else:
        yield Finished(at, told.call, told.person)


def _listener_gone(_board: Board, told: ListenerGone, at: float) -> Iterator[Fact]:
    yield ListeningEnded(at, told.call, told.supervisor)


def _customer_answered(_board: Board, told: CustomerAnswered, at: float) -> Iterator[Fact]:
    yield DialAnswered(at, told.call)


def _customer_not_reached(_board: Board, told: CustomerNotReached, at: float) -> Iterator[Fact]:
    yield DialFailed(at, told.call)


def _driver_lost(board: Board, told: DriverLost, at: float) -> Iterator[Fact]:
    for call in told.calls:
        if call in board.contacts:
            yield LineLost(at, call)


def fact_of_failure(command: Command, *, at: float) -> Fact | None:
    """What follows when an order could not be given: as if phone or customer had not been reached."""
    match command:
        case Ring(contact, person):
            return NotAnswered(at, contact, person, is_miss=False)
        case Dial(contact):
            return DialFailed(at, contact)
        case Listen(contact, supervisor) | StopListening(contact, supervisor):
            return ListeningEnded(at, contact, supervisor)
        case _:
            return None


_MEANS: dict[type, Callable[[Board, Any, float], Iterator[Fact]]] = {
    Called: _called,
    Said: _said,
    KeySent: _key,
    Gone: _gone,
    LineBroke: _broke,
    PersonAnswered: _person_answered,
    PersonNotReached: _person_not_reached,
    PersonGone: _person_gone,
    ListenerGone: _listener_gone,
    CustomerAnswered: _customer_answered,
    CustomerNotReached: _customer_not_reached,
    DriverLost: _driver_lost,
}
