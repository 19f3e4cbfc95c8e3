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
    TAKEN = "taken"


class Form(StrEnum):
    """How a wait is said."""

    UNDER_A_MINUTE = "under_a_minute"
    ABOUT = "about"
    BETWEEN = "between"
    MORE_THAN = "more_than"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class ChoiceGiven:
    """The caller hears something and may press a key; `about` is the outage or queue.

    The time for it begins when all is said (`ChoiceSaid`); `until` is for when that is never told.
    """

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
    """The person did not take it (`is_miss`), or can no more; the contact waits again, its place kept.

    Attributes:
        ask_again_at: who declined, or whose phone could not be rung, is not offered it before; 0 for no such time.
    """

    at: float
    contact: str
    person: int
    is_miss: bool
    ask_again_at: float = 0.0


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """Who declined the contact, or could not be rung for it, may be offered it again."""

    at: float
    contact: str


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
    """The caller is called back, at `due_at` if that is later than now; who waited in the queue keeps their place.

    With `until_open` sooner: when the queue opens, which nobody knows yet.
    """

    at: float
    contact: str
    queue: str
    due_at: float
    until_open: bool = False


@dataclass(frozen=True, slots=True)
class CallbackPostponed:
    """The callback is tried again later; a failed call counts as a try, and anything else keeps the place."""

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
class ConsultUnanswered:
    """The very colleague who was asked about the contact did not take `leg`, which is over."""

    at: float
    contact: str
    leg: str
    person: int


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
class RecordingWentOn:
    """The call is recorded again: the time of a pause is over, or whoever paused it has left the call."""

    at: float
    contact: str


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


@dataclass(frozen=True, slots=True)
class NewsOwed:
    """Who called with this contact, which is over, is to hear now that the outage is over."""

    at: float
    contact: str
    outage: str


Decision = (
    ChoiceGiven | Entered | WaitTold | Offered | OfferLapsed | AskedAgain | PersonPaused | WrapEnded | Overflowed
    | CallbackKept | CallbackPostponed | CallbackDue | Dialled | PassedOn | ConsultBegan | ConsultUnanswered
    | Transferred | Ended
    | RecordingWentOn | NewsWanted | NewsDue | NewsOwed
)  # fmt: skip
