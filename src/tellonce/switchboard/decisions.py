"""What the engine decided, to be kept beside the facts: state is made of both, and nothing is decided twice."""

from dataclasses import dataclass
from enum import StrEnum

from tellonce.switchboard.facts import NOBODY


class Choice(StrEnum):
    """What a caller is given a key for, before the queue."""

    OUTAGE = "outage"
    MENU = "menu"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a contact was over."""

    DONE = "done"
    ABANDONED = "abandoned"
    LEFT_MENU = "left_menu"
    LEFT_TRANSFER = "left_transfer"
    INFORMED = "informed"
    CLOSED = "closed"
    UNREACHED = "unreached"
    CAME_BACK = "came_back"
    WITHDRAWN = "withdrawn"
    CONSULTED = "consulted"
    LOST = "lost"


class Form(StrEnum):
    """How a wait is said."""

    UNDER_A_MINUTE = "under_a_minute"
    ABOUT = "about"
    BETWEEN = "between"
    MORE_THAN = "more_than"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class ChoiceGiven:
    """The caller hears something and may press a key until then; `about` is the outage or queue."""

    at: float
    contact: str
    choice: Choice
    until: float
    about: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """The contact waits in a queue; its wait counts from `since`."""

    at: float
    contact: str
    queue: str
    since: float


@dataclass(frozen=True, slots=True)
class WaitTold:
    """The wait that was told: the estimate (10%, 50%, 90%, from now), and what was said, in minutes."""

    at: float
    contact: str
    low_s: float
    median_s: float
    high_s: float
    form: Form
    low_min: int
    high_min: int
    is_again: bool
    offers_callback: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """The contact is offered to a person; it `is_direct` if a colleague asked for that very person."""

    at: float
    contact: str
    person: int
    until: float
    is_direct: bool = False


@dataclass(frozen=True, slots=True)
class OfferLapsed:
    """The person did not take it (`is_miss`), or can no more; the contact waits again, its place kept."""

    at: float
    contact: str
    person: int
    is_miss: bool


@dataclass(frozen=True, slots=True)
class PersonPaused:
    """The person did not answer some times in a row, and is paused."""

    at: float
    person: int


@dataclass(frozen=True, slots=True)
class WrapEnded:
    """The time for the wrap-up is over."""

    at: float
    person: int


@dataclass(frozen=True, slots=True)
class Overflowed:
    """The contact may be taken by people of other sites or partners too."""

    at: float
    contact: str


@dataclass(frozen=True, slots=True)
class CallbackKept:
    """The caller is called back in their place in the queue; at `due_at` if that is later than now."""

    at: float
    contact: str
    queue: str
    due_at: float


@dataclass(frozen=True, slots=True)
class CallbackPostponed:
    """The callback is tried again later; a failed call counts as a try."""

    at: float
    contact: str
    due_at: float
    is_try: bool


@dataclass(frozen=True, slots=True)
class CallbackDue:
    """The time of a callback has come: it waits with the others."""

    at: float
    contact: str


@dataclass(frozen=True, slots=True)
class Dialled:
    """The customer is called back, for a person who is there."""

    at: float
    contact: str
    person: int
    until: float


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A blind transfer: the contact waits anew in a queue, and its person is released."""

    at: float
    contact: str
    person: int
    queue: str
    line: str
    story: str
    wrap_until: float


@dataclass(frozen=True, slots=True)
class ConsultBegan:
    """The customer is held; `leg` is a second call, from the person to a queue."""

    at: float
    contact: str
    leg: str
    queue: str
    line: str
    story: str


@dataclass(frozen=True, slots=True)
class Transferred:
    """A warm transfer: the colleague has the customer now, and the first person is released."""

    at: float
    contact: str
    leg: str
    person: int
    colleague: int
    wrap_until: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The contact is over; its person, if any, wraps up until then (0: not at all)."""

    at: float
    contact: str
    outcome: Outcome
    person: int = NOBODY
    wrap_until: float = 0.0


@dataclass(frozen=True, slots=True)
class NewsWanted:
    """The caller wants to hear when the outage is over."""

    at: float
    contact: str
    outage: str


@dataclass(frozen=True, slots=True)
class NewsDue:
    """The outage is over: so many are to be told."""

    at: float
    outage: str
    people: int


Decision = (
    ChoiceGiven | Entered | WaitTold | Offered | OfferLapsed | PersonPaused | WrapEnded | Overflowed | CallbackKept
    | CallbackPostponed | CallbackDue | Dialled | PassedOn | ConsultBegan | Transferred | Ended | NewsWanted | NewsDue
)  # fmt: skip
