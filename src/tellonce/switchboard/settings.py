"""What the engine is told about queues, people and numbers. Times are seconds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tellonce.lab.routing import Rules
from tellonce.switchboard.errors import SettingsError

WHOLE = 100
"""What of a person a call takes; other channels take their weight of it."""

A_PERSON = "0"
"""The key that always means: a person."""

YES = "1"
"""The key that takes what was offered."""


class Channel(StrEnum):
    """How somebody reaches us."""

    CALL = "call"
    CHAT = "chat"
    TEXT = "text"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Queue:
    """Where contacts wait.

    Attributes:
        code: unique.
        skill: what the person must be able to do, at `level` at least.
        priority: higher comes first, by `Rules.priority_s` a step.
        ring_s: how long a person is rung.
        wrap_s: the longest wrap-up after a contact that took the person whole; 0 for none.
        home: sites or partners whose people take it, all if empty.
        overflow_to: sites or partners who take it also, once it has waited `overflow_after_s`.
        callback_above_s: a callback is offered when the median of the told wait is above this.
        handle_s: expected length with wrap-up, before the first was seen.
        leaving: expected rate of hanging up, a second, before the first was seen.
    """

    code: str
    skill: str
    level: int = 1
    priority: int = 0
    ring_s: float = 20.0
    wrap_s: float = 0.0
    home: tuple[str, ...] = ()
    overflow_to: tuple[str, ...] = ()
    overflow_after_s: float = math.inf
    callback_above_s: float = math.inf
    handle_s: float = 300.0
    leaving: float = 1.0 / 600.0

    @property
    def overflows(self) -> bool:
        """Whether others may take it after a while."""
        return bool(self.home and self.overflow_to) and self.overflow_after_s < math.inf


@dataclass(frozen=True, slots=True)
class Entry:
    """A number that callers dial: its queue, or a menu of one level (key to queue). Silence and 0: `queue`."""

    number: str
    queue: str
    menu: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who answers: skill to level, site, partner ("" for the provider)."""

    person: int
    skills: Mapping[str, int]
    site: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Dialling:
    """What may be dialled: full numbers with one of these beginnings that are not among `never`.

    Where `countries` (by two letters) are named, numbers are of one of these as the numbering plans say, and of an
    ordinary kind: a country's code alone is shared by many (+1), and holds numbers that cost whoever dials them.
    With no beginnings nothing is dialled. A number that is dialled and not picked up is tried again after `retry_s`,
    `tries` times in all.
    """

    beginnings: tuple[str, ...] = ()
    never: frozenset[str] = frozenset()
    countries: tuple[str, ...] = ()
    tries: int = 3
    retry_s: float = 900.0
    ring_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it.

    Attributes:
        queues, members, entries: with unique codes, persons and numbers.
        rules: of routing.
        weights: by channel, from 1 to WHOLE; a call always takes a person whole.
        dialling: what may be dialled.
        misses: after so many contacts in a row that a person did not answer they are paused.
        choice_s: how long a caller has to press a key; silence is a person.
        retell_s: how often it is looked whether a told wait has become worse.
        records: whether calls are recorded.
        pause_s: a recording that was paused for a card number goes on after so long.
    """

    queues: tuple[Queue, ...]
    members: tuple[Member, ...]
    entries: tuple[Entry, ...] = ()
    rules: Rules = field(default_factory=Rules)
    weights: Mapping[str, int] = field(default_factory=lambda: {Channel.CHAT: 33, Channel.TEXT: 33, Channel.MAIL: 50})
    dialling: Dialling = field(default_factory=Dialling)
    misses: int = 1
    choice_s: float = 8.0
    retell_s: float = 60.0
    records: bool = False
    pause_s: float = 180.0

    def weight(self, channel: str) -> int:
        """What a contact of the channel takes of a person."""
        return WHOLE if channel == Channel.CALL else self.weights.get(channel, WHOLE)


def check_settings(settings: Settings) -> None:
    """SettingsError with the first thing that does not fit. Skills and rules are checked by routing."""
    codes = {queue.code for queue in settings.queues}
    _refuse(not codes, "queues", "must hold at least one.")
    _refuse(len(codes) < len(settings.queues), "queues", "have two of one code.")
    _refuse(len({each.person for each in settings.members}) < len(settings.members), "members", "name one twice.")
    _refuse(
        len({each.number for each in settings.entries}) < len(settings.entries), "entries", "have one number twice."
    )
    for entry in settings.entries:
        _refuse(not {entry.queue, *entry.menu.values()} <= codes, f"entries[{entry.number}]", "leads to no queue.")
        _refuse(A_PERSON in entry.menu, f"entries[{entry.number}].menu", "must leave 0 to a person.")
    for channel, weight in settings.weights.items():
        _refuse(not 0 < weight <= WHOLE, f"weights[{channel}]", f"must be from 1 to {WHOLE}.")
    _refuse(settings.misses < 1 or settings.dialling.tries < 1, "misses", "and tries must be at least 1.")
    _refuse(settings.choice_s <= 0 or settings.retell_s <= 0, "choice_s", "and retell_s must be more than 0.")
    _refuse(settings.pause_s <= 0, "pause_s", "must be more than 0.")
    for queue in settings.queues:
        _refuse(queue.handle_s <= 0 or queue.leaving < 0, f"queues[{queue.code}]", "has a length below zero.")
        _refuse(queue.ring_s <= 0 or queue.wrap_s < 0, f"queues[{queue.code}]", "has a time below zero.")


def _refuse(is_wrong: bool, field: str, text: str) -> None:
    if is_wrong:
        raise SettingsError(field, text)
