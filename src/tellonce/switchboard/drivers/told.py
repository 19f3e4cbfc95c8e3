"""What a driver tells of calls and phones. A call is named by an id that the driver makes, or is given to dial with."""

from dataclasses import dataclass
from enum import StrEnum


class WhyNot(StrEnum):
    """Why a phone could not be reached."""

    NO_PHONE = "no_phone"
    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody calls `entry` from a source that may; the line is answered by the driver when told so.

    Attributes:
        number: the caller's in full (+ and country code) where it can be made so, "" if withheld.
        name: as the caller's phone gives it, never to be trusted.
        needs_phone: it is one of calls beside others that are answered without a phone.
    """

    call: str
    entry: str
    number: str
    name: str = ""
    needs_phone: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """All that was to be said to the customer when `tell_said` was ordered with `what` has been said."""

    call: str
    what: str


@dataclass(frozen=True, slots=True)
class KeySent:
    """The caller pressed a key: 0-9, * or #."""

    call: str
    key: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The customer has hung up."""

    call: str


@dataclass(frozen=True, slots=True)
class LineBroke:
    """The call broke down through no fault of the caller."""

    call: str


@dataclass(frozen=True, slots=True)
class PersonAnswered:
    """The person's phone, which was rung for this call, was picked up; nobody hears anybody yet."""

    call: str
    person: int


@dataclass(frozen=True, slots=True)
class PersonNotReached:
    """The person's phone was not picked up, or declined, or there is none."""

    call: str
    person: int
    why: WhyNot


@dataclass(frozen=True, slots=True)
class PersonGone:
    """The person has hung up (or their phone is lost, `is_lost`) while they had the call."""

    call: str
    person: int
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class ListenerGone:
    """The supervisor who heard the call has hung up, or did not pick up."""

    call: str
    supervisor: int


@dataclass(frozen=True, slots=True)
class CustomerAnswered:
    """The customer who was dialled has picked up."""

    call: str


@dataclass(frozen=True, slots=True)
class CustomerNotReached:
    """The customer who was dialled did not pick up, or could not be reached."""

    call: str
    why: WhyNot


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording is whole: stereo, the customer left, the person right; it began at `began` (seconds since 1970)."""

    call: str
    path: str
    began: float
    seconds: float


@dataclass(frozen=True, slots=True)
class PhonesChanged:
    """Persons whose phone can be rung now."""

    persons: frozenset[int]


@dataclass(frozen=True, slots=True)
class DriverLost:
    """The driver's process is gone, and with it these calls; it is started anew."""

    calls: tuple[str, ...]


Told = (
    Called | Said | KeySent | Gone | LineBroke | PersonAnswered | PersonNotReached | PersonGone | ListenerGone
    | CustomerAnswered | CustomerNotReached | Recorded | PhonesChanged | DriverLost
)  # fmt: skip
