"""What a driver tells, as facts for the engine."""

from collections.abc import Callable, Iterator
from typing import Any

from tellonce.switchboard.board import Board
from tellonce.switchboard.contacts import Stage
from tellonce.switchboard.drivers.told import (
    Called,
    CustomerAnswered,
    CustomerNotReached,
    DriverLost,
    Gone,
    KeySent,
    LineBroke,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
    Told,
)
from tellonce.switchboard.facts import (
    Answered,
    Arrived,
    DialAnswered,
    DialFailed,
    Fact,
    Finished,
    HungUp,
    KeyPressed,
    LineLost,
    NotAnswered,
    TransferAsked,
)


def facts_of_told(board: Board, told: Told, *, at: float) -> Iterator[Fact]:
    """What it means; nothing for what concerns the engine not at all."""
    meaning = _MEANS.get(type(told))
    return meaning(board, told, at) if meaning else iter(())


def _called(_board: Board, told: Called, at: float) -> Iterator[Fact]:
    yield Arrived(at, told.call, entry=told.entry, number=told.number)


def _key(_board: Board, told: KeySent, at: float) -> Iterator[Fact]:
    yield KeyPressed(at, told.call, told.key)


def _gone(_board: Board, told: Gone, at: float) -> Iterator[Fact]:
    yield HungUp(at, told.call)


def _broke(_board: Board, told: LineBroke, at: float) -> Iterator[Fact]:
    yield LineLost(at, told.call)


def _person_answered(_board: Board, told: PersonAnswered, at: float) -> Iterator[Fact]:
    yield Answered(at, told.call, told.person)


def _person_not_reached(_board: Board, told: PersonNotReached, at: float) -> Iterator[Fact]:
    yield NotAnswered(at, told.call, told.person)


def _person_gone(board: Board, told: PersonGone, at: float) -> Iterator[Fact]:
    """Who hangs up has finished; whose phone is lost has not, and the caller goes back to the queue."""
    contact = board.contacts.get(told.call)
    is_talking = contact is not None and contact.stage is Stage.TALKING and contact.person == told.person
    if told.is_lost and contact is not None and is_talking and not contact.parent:
        yield TransferAsked(at, told.call, told.person, line="", queue=contact.queue)
    else:
        yield Finished(at, told.call, told.person)


def _customer_answered(_board: Board, told: CustomerAnswered, at: float) -> Iterator[Fact]:
    yield DialAnswered(at, told.call)


def _customer_not_reached(_board: Board, told: CustomerNotReached, at: float) -> Iterator[Fact]:
    yield DialFailed(at, told.call)


def _driver_lost(board: Board, told: DriverLost, at: float) -> Iterator[Fact]:
    for call in told.calls:
        if call in board.contacts:
            yield LineLost(at, call)


_MEANS: dict[type, Callable[[Board, Any, float], Iterator[Fact]]] = {
    Called: _called,
    KeySent: _key,
    Gone: _gone,
    LineBroke: _broke,
    PersonAnswered: _person_answered,
    PersonNotReached: _person_not_reached,
    PersonGone: _person_gone,
    CustomerAnswered: _customer_answered,
    CustomerNotReached: _customer_not_reached,
    DriverLost: _driver_lost,
}
