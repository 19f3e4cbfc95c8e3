"""New settings: who waits, talks or is there stays so, and what was learnt goes on where it still means the same."""

import numpy as np

from tellonce.lab.routing import RecentPast
from tellonce.switchboard.arrays import Floats, Free
from tellonce.switchboard.board import Board
from tellonce.switchboard.contacts import Stage, Tally
from tellonce.switchboard.lines import Lines
from tellonce.switchboard.people import Person
from tellonce.switchboard.settings import Settings
from tellonce.switchboard.timers import Timer


def configure(board: Board, settings: Settings) -> None:
    """Lines, groups and what is counted by them, made anew."""
    before = (board.lines, board.past) if board.configured else None
    since = dict(zip(board.free.person.tolist(), board.free.since.tolist(), strict=True)) if before else {}
    board.configured = settings
    board.lines = Lines(settings)
    plan = board.lines.plan
    lengths = _expected_lengths(settings, board.lines)
    board.past = RecentPast(plan, handle_s=lengths, leaving=settings.queues[0].leaving)
    if before:
        _carry_over(board, *before)
    if before is None or before[0].shares_of != board.lines.shares_of:
        board.lag = np.zeros((len(plan.reserve), len(plan.target)))
        board.given = np.zeros((len(plan.reserve), len(plan.target) + 1))
    for queue in settings.queues:
        board.tallies.setdefault(queue.code, Tally())
    _seat_people(board, since)
    _move_contacts(board)


def _carry_over(board: Board, lines: Lines, past: RecentPast) -> None:
    board.past.rung_s, board.past.answers = past.rung_s, past.answers
    board.past.left, board.past.exposure_s = past.left, past.exposure_s
    if lines.places == board.lines.places:
        board.past.rate, board.past.rate_at = past.rate, past.rate_at
    for group, key in enumerate(board.lines.keys):
        if key in lines.keys:
            before = lines.keys.index(key)
            board.past.handle_s[group], board.past.handled[group] = past.handle_s[before], past.handled[before]


def _seat_people(board: Board, since: dict[int, float]) -> None:
    """Everybody in their group, in the order in which they became free."""
    board.free = Free(len(board.lines.plan.reserve))
    board.at_work = np.zeros(len(board.lines.plan.pool))
    heard = {contact.listener: contact.id for contact in board.contacts.values()}
    for number in board.lines.group_of:
        board.people.setdefault(number, Person(number, -1, listens=heard.get(number, "")))
    for person in [each for each in board.people.values() if not each.contacts]:
        if person.person not in board.lines.group_of:
            board.timers.cancel(Timer.WRAP, str(person.person))
            del board.people[person.person]
    board.planned.forget()
    order = {person: place for place, person in enumerate(since)}
    for person in sorted(board.people.values(), key=lambda each: order.get(each.person, len(order))):
        person.group = board.lines.group_of.get(person.person, -1)
        board.count_at_work(person, 1)
        board.set_free(person, since=since.get(person.person, board.now))


def _move_contacts(board: Board) -> None:
    """Everything in its line; what waits in a queue that is no more waits in the first."""
    for contact in board.contacts.values():
        if not contact.queue:
            continue
        if contact.queue not in board.lines.queues:
            contact.queue = board.settings.queues[0].code
        board.set_line(contact)
        if contact.stage is Stage.WAITING:
            board.waiting.change(contact.id, line=contact.line)


def _expected_lengths(settings: Settings, lines: Lines) -> Floats:
    """(G,) mean of the lengths expected in the queues that a group can take."""
    first = [lines.place(queue.code, efforts=0, is_overflowing=False) for queue in settings.queues]
    can = (lines.plan.fit[first] > -np.inf).astype(np.float64)
    lengths = np.array([queue.handle_s for queue in settings.queues])
    means: Floats = np.where(can.any(axis=0), (lengths @ can) / np.maximum(can.sum(axis=0), 1.0), lengths.mean())
    return means
