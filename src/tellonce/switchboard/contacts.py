"""A contact, as the engine sees it, and the account of all of them."""

from dataclasses import dataclass
from enum import StrEnum

from tellonce.switchboard.facts import NOBODY


class Stage(StrEnum):
    """Where a contact is."""

    FRONT = "front"
    WAITING = "waiting"
    SCHEDULED = "scheduled"
    OFFERED = "offered"
    DIALLING = "dialling"
    TALKING = "talking"


class Account(StrEnum):
    """What became of a contact that entered a queue: each is one of these at any time."""

    NONE = ""
    WAITING = "waiting"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    CALLBACK = "callback"


class Recording(StrEnum):
    """Whether what is said is recorded; PAUSED goes on by itself, REFUSED only when asked for."""

    NONE = ""
    ON = "on"
    PAUSED = "paused"
    REFUSED = "refused"


@dataclass(slots=True)
class Contact:
    """One conversation.

    Attributes:
        weight: what it takes of a person.
        line: place of the line in which it waits or waited.
        entered: since when its wait counts; `due` when the wait told first is over.
        told_until: when the wait told last is over, 0 if none was told, inf if it was not known.
        offered: when it was offered last.
        is_callback: the customer is not on the line and is called back.
        is_overflowing: people elsewhere may take it.
        callback_offered: the key for a callback works.
        missed_by: who did not answer it.
        not_now: who declined it, or whose phone could not be rung: they are not offered it for a while.
        is_direct: it was offered last since a colleague asked for that very person.
        needs_phone: only people with a phone can take it.
        choice: what the caller is given a key for, about which outage, entry or queue; `heard` all that were given.
        consult: the second call of its person; of such a call, `parent` is the customer's contact.
        unanswered_by: the colleague who was asked last and did not answer.
        note: the written line of who passed it on, or of why it is called back.
        until_open: it is called back when its queue opens, whenever that is.
        was_lost: it is called back since its line broke.
        listener: a supervisor who hears it, and `whispers` to its person or not.
    """

    id: str
    channel: str
    weight: int
    number: str = ""
    customer: int = 0
    area: str = ""
    entry: str = ""
    queue: str = ""
    line: int = -1
    asked_queue: str = ""
    stage: Stage = Stage.FRONT
    account: Account = Account.NONE
    account_queue: str = ""
    efforts: int = 0
    last_person: int = NOBODY
    last_at: float = 0.0
    entered: float = 0.0
    due: float = float("inf")
    told_until: float = 0.0
    offered: float = 0.0
    person: int = NOBODY
    is_callback: bool = False
    is_overflowing: bool = False
    is_held: bool = False
    callback_offered: bool = False
    missed_by: tuple[int, ...] = ()
    not_now: tuple[int, ...] = ()
    is_direct: bool = False
    needs_phone: bool = False
    tries: int = 0
    choice: str = ""
    about: str = ""
    heard: tuple[str, ...] = ()
    consult: str = ""
    unanswered_by: int = NOBODY
    parent: str = ""
    promise: str = ""
    story: str = ""
    note: str = ""
    recording: Recording = Recording.NONE
    was_lost: bool = False
    listener: int = NOBODY
    whispers: bool = False
    until_open: bool = False

    @property
    def caller(self) -> tuple[str, int]:
        """Who it is, for knowing them again."""
        return self.number, self.customer


@dataclass(slots=True)
class Tally:
    """Contacts that entered a queue, and what they are now: entered = waiting + answered + abandoned + callback.

    A callback that was answered is answered; `callback` counts those still to be called, not reached, or come back.
    """

    entered: int = 0
    waiting: int = 0
    answered: int = 0
    abandoned: int = 0
    callback: int = 0
