"""What is to be done outside, in this order, once what was decided is kept."""

from dataclasses import dataclass
from enum import StrEnum

from tellonce.switchboard.decisions import Choice, Form


class Refusal(StrEnum):
    """Why something asked for is not done."""

    NOT_FREE = "not_free"
    CLOSED = "closed"
    UNKNOWN_QUEUE = "unknown_queue"
    NOT_TALKING = "not_talking"
    NO_NUMBER = "no_number"
    NOT_ALLOWED_NUMBER = "not_allowed_number"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Ring:
    """Offer the contact to the person, with the story and the colleague's line if it was passed on."""

    contact: str
    person: int
    story: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class PickUp:
    """Let the person's phone, which rings, pick up by itself."""

    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class StopRinging:
    """Offer it no more."""

    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class Connect:
    """Let the person and the contact hear each other (a consult: the person and the one who asked)."""

    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class Release:
    """Take the person off the contact."""

    contact: str
    person: int


@dataclass(frozen=True, slots=True)
class HangUp:
    """End our side of the contact, after what is played."""

    contact: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The customer hears music."""

    contact: str


@dataclass(frozen=True, slots=True)
class Resume:
    """The customer hears the person again."""

    contact: str


@dataclass(frozen=True, slots=True)
class PauseRecording:
    """Record nothing of the call."""

    contact: str


@dataclass(frozen=True, slots=True)
class GoOnRecording:
    """Record it again."""

    contact: str


@dataclass(frozen=True, slots=True)
class Listen:
    """Ring the supervisor, who hears the call then; its person hears them if they whisper."""

    contact: str
    supervisor: int
    whispers: bool


@dataclass(frozen=True, slots=True)
class StopListening:
    """The supervisor hears it no more."""

    contact: str
    supervisor: int


@dataclass(frozen=True, slots=True)
class Music:
    """The customer waits."""

    contact: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Call the number, which was checked, for a person who waits for it."""

    contact: str
    person: int
    number: str


@dataclass(frozen=True, slots=True)
class SayChoice:
    """Say what the keys mean: of a menu, an outage (with its expected end) or a closed queue (and when it opens)."""

    contact: str
    choice: Choice
    about: str
    time: float = 0.0


@dataclass(frozen=True, slots=True)
class SayWait:
    """Say the wait, and the key for a callback if that is offered."""

    contact: str
    form: Form
    low_min: int
    high_min: int
    is_again: bool
    offers_callback: bool


@dataclass(frozen=True, slots=True)
class SayCallback:
    """Say that we call back, in the caller's place, or at `due_at` (0: as soon as it is their turn)."""

    contact: str
    due_at: float = 0.0


@dataclass(frozen=True, slots=True)
class SayNews:
    """Say that they will hear when it is fixed."""

    contact: str


@dataclass(frozen=True, slots=True)
class SayGoodbye:
    """Take leave of a caller who took none of the choices."""

    contact: str


@dataclass(frozen=True, slots=True)
class SendNews:
    """Tell this caller that the outage is over."""

    outage: str
    contact: str
    number: str
    customer: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """Tell who asked (the person, or the caller if nobody) that it cannot be, and why."""

    contact: str
    person: int
    why: Refusal


Command = (
    Ring | PickUp | StopRinging | Connect | Release | HangUp | Hold | Resume | PauseRecording | GoOnRecording | Listen
    | StopListening | Music | Dial | SayChoice | SayWait | SayCallback | SayNews | SayGoodbye | SendNews | Refuse
)  # fmt: skip
