"""What happens outside and is told to the engine. Times (`at`) are seconds since 1970, UTC.

A contact is named by an id that whoever tells of its arrival makes; a person by their number on staff.
"""

from dataclasses import dataclass
from enum import StrEnum

from tellonce.switchboard.settings import Channel, Settings

NOBODY = -1


class Presence(StrEnum):
    """What a person wishes to be; on a contact and wrapping up follow from what happens."""

    AVAILABLE = "available"
    PAUSED = "paused"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Configured:
    """Queues, people and numbers are these from now on."""

    at: float
    settings: Settings


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What told and actual waits have taught; see `lab.routing.learned_calibration`."""

    at: float
    scale: float
    spread: float


@dataclass(frozen=True, slots=True)
class PersonSet:
    """A person wishes to be available, paused (with a reason) or away; a contact they have is finished first."""

    at: float
    person: int
    presence: Presence
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PhonesKnown:
    """Who has a phone that can be rung, where people answer without one too: calls that need one ring only there."""

    at: float
    persons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShiftPlanned:
    """When a person is planned to be there, breaks apart: (from, until), () if nothing is planned any more.

    It decides nothing: what a person does is told by `PersonSet`. It makes told waits know who will come and go.
    """

    at: float
    person: int
    spells: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class WrappedUp:
    """The person has finished the wrap-up."""

    at: float
    person: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody reaches us.

    Attributes:
        entry: the number dialled; or else `queue` says where the contact waits.
        number: the caller's, "" if withheld.
        customer: their id, 0 if not known.
        area: where they are served, "" if not known.
        efforts: already caused: redials, repeats.
        last_person: who had the matter last, at `last_at`.
        story: a reference to what is known.
        needs_phone: it has sound, and rings only at who has a phone, where others answer without one.
    """

    at: float
    contact: str
    channel: Channel = Channel.CALL
    entry: str = ""
    queue: str = ""
    number: str = ""
    customer: int = 0
    area: str = ""
    efforts: int = 0
    last_person: int = NOBODY
    last_at: float = 0.0
    story: str = ""
    needs_phone: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceSaid:
    """The caller has heard what the keys mean, to its end: `what` is how `heard` names the choice."""

    at: float
    contact: str
    what: str


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The caller pressed a key."""

    at: float
    contact: str
    key: str


@dataclass(frozen=True, slots=True)
class HungUp:
    """The other side has ended the contact."""

    at: float
    contact: str


@dataclass(frozen=True, slots=True)
class LineLost:
    """The call broke down through no fault of the caller."""

    at: float
    contact: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The person has taken what was offered."""

    at: float
    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class PickUpAsked:
    """The person takes what rings from the page: their phone shall pick up by itself."""

    at: float
    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """The person's phone rang out (`is_miss`); or they let it go to somebody else, or it could not be rung."""

    at: float
    contact: str
    person: int
    is_miss: bool = True


@dataclass(frozen=True, slots=True)
class Finished:
    """The person has ended the contact."""

    at: float
    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class TakenElsewhere:
    """Somebody on staff has, or had, the chat, text or mail without us: it is no more offered, and nobody's here."""

    at: float
    contact: str


@dataclass(frozen=True, slots=True)
class Held:
    """The person holds the call."""

    at: float
    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """The person takes the held call back."""

    at: float
    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class RecordingPaused:
    """Nothing of the call is recorded: while a card number is spoken, or `is_for_good` as the customer wishes none."""

    at: float
    contact: str
    person: int
    is_for_good: bool = False


@dataclass(frozen=True, slots=True)
class RecordingResumed:
    """The call is recorded again."""

    at: float
    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class ListeningAsked:
    """A supervisor wants to hear a call, and to be heard by its person only if they whisper."""

    at: float
    contact: str
    supervisor: int
    whispers: bool = False


@dataclass(frozen=True, slots=True)
class ListeningEnded:
    """The supervisor hears it no more."""

    at: float
    contact: str
    supervisor: int


@dataclass(frozen=True, slots=True)
class TransferAsked:
    """The person passes the contact on at once, to a queue or a colleague, with the story and a written line."""

    at: float
    contact: str
    person: int
    line: str
    queue: str = ""
    colleague: int = NOBODY
    story: str = ""


@dataclass(frozen=True, slots=True)
class ConsultAsked:
    """The person holds the call and asks a colleague, or whoever a queue finds; `leg` names the second call."""

    at: float
    contact: str
    person: int
    leg: str
    line: str
    queue: str = ""
    colleague: int = NOBODY
    story: str = ""


@dataclass(frozen=True, slots=True)
class ConsultEnded:
    """The person takes the customer back."""

    at: float
    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class TransferDone:
    """The person leaves the customer with whom they asked: a warm transfer."""

    at: float
    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class CallbackPromised:
    """A callback at a time that was agreed on; `promise` is its reference, `note` a line for who makes it."""

    at: float
    contact: str
    queue: str
    number: str
    due_at: float
    customer: int = 0
    promise: str = ""
    story: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CallbackWithdrawn:
    """The customer needs no callback any more."""

    at: float
    contact: str


@dataclass(frozen=True, slots=True)
class DialAnswered:
    """The customer who is called back has picked up."""

    at: float
    contact: str


@dataclass(frozen=True, slots=True)
class DialFailed:
    """The customer did not pick up, or could not be reached."""

    at: float
    contact: str


@dataclass(frozen=True, slots=True)
class QueueClosed:
    """The queue's hours are over; it opens again at `opens_at`, 0 if that is not known. Who waits is still answered."""

    at: float
    queue: str
    opens_at: float


@dataclass(frozen=True, slots=True)
class QueueOpened:
    """The queue's hours begin."""

    at: float
    queue: str


@dataclass(frozen=True, slots=True)
class OutageBegan:
    """Service is lost in an area, or more is known of it; `expected_end` 0 if that is not known."""

    at: float
    outage: str
    area: str
    expected_end: float = 0.0


@dataclass(frozen=True, slots=True)
class OutageEnded:
    """Service is back."""

    at: float
    outage: str


@dataclass(frozen=True, slots=True)
class BegunAnew:
    """Nothing before this is known any more: what follows says all that there is.

    `wanted` are outages with who wants to hear of their end: contact, number (of nobody on record), customer.
    """

    at: float
    wanted: tuple[tuple[str, str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TimerDropped:
    """What was due (`timer`, of `whom`) could not be decided on, and is due no more, so that all else is."""

    at: float
    timer: str
    whom: str


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing happened, but it is later: told when `Engine.next_due` has come."""

    at: float


Fact = (
    Configured | Calibrated | PersonSet | PhonesKnown | ShiftPlanned | WrappedUp | Arrived | ChoiceSaid | KeyPressed
    | HungUp | LineLost | Answered | NotAnswered | Finished | TakenElsewhere | Held | Resumed | RecordingPaused
    | RecordingResumed | ListeningAsked | ListeningEnded | TransferAsked | ConsultAsked | ConsultEnded | TransferDone
    | CallbackPromised | CallbackWithdrawn | DialAnswered | DialFailed | QueueClosed | QueueOpened | OutageBegan
    | OutageEnded | TimePassed | BegunAnew | TimerDropped | PickUpAsked
)  # fmt: skip
