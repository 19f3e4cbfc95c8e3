"""The board as plain values, and back: what was kept before it need not be read to rebuild.

What follows from the settings, and from contacts and people, is not kept but made again.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tellonce.lab.routing import Calibration
from tellonce.switchboard.board import Board, Outage
from tellonce.switchboard.codec import adapter, plain
from tellonce.switchboard.contacts import Contact, Tally
from tellonce.switchboard.errors import JournalError
from tellonce.switchboard.folding.configuring import configure
from tellonce.switchboard.people import Person
from tellonce.switchboard.settings import Settings
from tellonce.switchboard.timers import Timer

VERSION = 1
"""Of what a board holds: one more when older boards mean something else; not for what is added with a default."""

_ARRAYS = ("rate", "rate_at", "handle_s", "handled", "left", "exposure_s")
_NUMBERS = ("rung_s", "answers")


def freeze(board: Board) -> dict[str, Any]:
    """Everything that a board needs to go on; JSON can hold it."""
    past = board.past
    return {
        "version": VERSION,
        "now": board.now,
        "settings": plain(board.settings),
        "contacts": [plain(each) for each in board.contacts.values()],
        "people": [plain(each) for each in board.people.values()],
        "tallies": plain(board.tallies),
        "outages": [plain(each) for each in board.outages.values()],
        "closed": plain(board.closed),
        "callbacks": [[*caller, contact] for caller, contact in board.callbacks.items()],
        "dialled": plain(board.dialled),
        "phones": None if board.phones is None else sorted(board.phones),
        "timers": [[timer, whom, at] for (timer, whom), at in board.timers.due.items()],
        "waiting": list(board.waiting.ids),
        "free": [
            [int(person), float(since)] for person, since in zip(board.free.person, board.free.since, strict=True)
        ],
        "past": {name: plain(getattr(past, name).tolist()) for name in _ARRAYS}
        | {name: getattr(past, name) for name in _NUMBERS},
        "planned": [[person, plain(spells)] for person, spells in board.planned.spells.items()],
        "calibration": plain(board.calibration),
        "shares": [board.lag.tolist(), board.given.tolist()],
    }


def thaw(kept: Mapping[str, Any]) -> Board:
    """The board that was frozen so.

    JournalError for one of another version; what cannot be read may raise anything.
    """
    if kept.get("version", 1) != VERSION:
        raise JournalError("The frozen board is of another version.")
    board = Board()
    board.now = float(kept["now"])
    configure(board, _read(Settings, kept["settings"]))
    board.people = {each.person: each for each in _read(list[Person], kept["people"])}
    board.contacts = {each.id: each for each in _read(list[Contact], kept["contacts"])}
    board.tallies = _read(dict[str, Tally], kept["tallies"])
    board.outages = {each.outage: each for each in _read(list[Outage], kept["outages"])}
    board.closed = _read(dict[str, float], kept["closed"])
    board.callbacks = {(number, customer): contact for number, customer, contact in kept["callbacks"]}
    board.dialled = dict(kept["dialled"])
    phones = kept.get("phones")
    board.phones = None if phones is None else frozenset(phones)
    for contact in board.contacts.values():
        board.note_choosy(contact)
    board.calibration = _read(Calibration, kept["calibration"])
    for timer, whom, at in kept["timers"]:
        board.timers.set(Timer(timer), whom, float(at))
    _seat(board, kept)
    _remember(board, kept)
    return board


def _seat(board: Board, kept: Mapping[str, Any]) -> None:
    """Those who wait and those who are free, in their order."""
    for name in kept["waiting"]:
        contact = board.contacts[name]
        times = (contact.entered, contact.due, contact.last_at)
        board.waiting.add(name, whole=(contact.line, contact.last_person), times=times)
    for number in [int(each) for each in board.free.person]:
        board.free.remove(number)
    board.free.by_skill[:] = 0
    board.at_work[:] = 0.0
    for person in board.people.values():
        board.count_at_work(person, 1)
    for number, since in kept["free"]:
        board.set_free(board.people[number], since=since)


def _remember(board: Board, kept: Mapping[str, Any]) -> None:
    for name in _ARRAYS:
        setattr(board.past, name, np.array([float(each) for each in kept["past"][name]]))
    for name in _NUMBERS:
        setattr(board.past, name, float(kept["past"][name]))
    for person, spells in kept["planned"]:
        board.planned.plan(person, tuple((float(begins), float(ends)) for begins, ends in spells))
    board.lag, board.given = (np.array(each, dtype=np.float64) for each in kept["shares"])


def _read(kind: Any, values: Any) -> Any:
    return adapter(kind).validate_python(values)
