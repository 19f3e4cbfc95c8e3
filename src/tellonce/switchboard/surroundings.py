"""Settings, hours, outages and phones as they are, against what the board knows."""

from tellonce.switchboard.board import Board
from tellonce.switchboard.facts import (
    CallbackWithdrawn,
    Configured,
    Fact,
    OutageBegan,
    OutageEnded,
    PersonSet,
    Presence,
    QueueClosed,
    QueueOpened,
    ShiftPlanned,
    TakenElsewhere,
)
from tellonce.switchboard.ports import Around

NO_PHONE = "no_phone"
"""The reason of who is paused since no phone of theirs can be rung."""


def changes(board: Board, around: Around, *, at: float) -> list[Fact]:
    """What the board does not know yet, or not any more; settings come first."""
    known = {name: (outage.area, outage.expected_end) for name, outage in board.outages.items()}
    facts: list[Fact] = []
    if around.settings != board.configured:
        facts.append(Configured(at, around.settings))
    facts += [QueueOpened(at, queue) for queue in board.closed if queue not in around.closed]
    facts += [QueueClosed(at, queue, opens) for queue, opens in around.closed.items()
              if board.closed.get(queue) != opens]  # fmt: skip
    facts += [OutageEnded(at, outage) for outage in known if outage not in around.outages]
    facts += [OutageBegan(at, outage, area, end) for outage, (area, end) in around.outages.items()
              if known.get(outage) != (area, end)]  # fmt: skip
    facts += _shift_changes(board, around, at=at)
    facts += [CallbackWithdrawn(at, contact) for contact in around.withdrawn if contact in board.contacts]
    facts += [TakenElsewhere(at, contact) for contact in around.elsewhere if contact in board.contacts]
    return facts


def _shift_changes(board: Board, around: Around, *, at: float) -> list[Fact]:
    """Of those who answer; a plan that somebody changed is told whole."""
    if around.shifts is None:
        return []
    members = {member.person for member in around.settings.members}
    planned = {person: tuple(spells) for person, spells in around.shifts.items() if person in members and spells}
    known = board.planned.spells
    gone: list[Fact] = [ShiftPlanned(at, person, ()) for person in known if person not in planned]
    return gone + [ShiftPlanned(at, person, spells) for person, spells in planned.items()
                   if known.get(person) != spells]  # fmt: skip


def admitted(fact: Fact, phones: frozenset[int] | None) -> Fact:
    """Who wishes to be available without a phone is paused until there is one."""
    match fact:
        case PersonSet(at, person, Presence.AVAILABLE) if phones is not None and person not in phones:
            return PersonSet(at, person, Presence.PAUSED, NO_PHONE)
        case _:
            return fact


def without_phone(board: Board, phones: frozenset[int], *, at: float) -> list[Fact]:
    """People whose phone is gone are paused; those whose phone has come back are there again."""
    facts: list[Fact] = []
    for person in board.people.values():
        if person.presence is Presence.AVAILABLE and person.person not in phones:
            facts.append(PersonSet(at, person.person, Presence.PAUSED, NO_PHONE))
        elif person.reason == NO_PHONE and person.person in phones:
            facts.append(PersonSet(at, person.person, Presence.AVAILABLE))
    return facts
