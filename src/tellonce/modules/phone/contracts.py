"""What other modules may know of the phone: queues, call records, and arrays of calls for models."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import numpy as np
from django.db.models import TextChoices
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from tellonce.kernel.errors import ConflictError, DomainError, NotFoundError
from tellonce.modules.record.contracts import Group, Headline, Tone, moment_kind
from tellonce.webkit import times

DISTRIBUTED = ("phone_call",)
"""Tables that are spread over machines by customer, with the story."""

FLOOR = "floor"
"""The topic of everybody who looks at the floor."""

ASK_CHANNEL = "tellonce_switchboard"
"""Where the switchboard hears that it was asked something."""

LOCK = 7_310_468_512_009_137  # any number that nobody else takes
"""The lock in the database that the switchboard holds that writes the journal."""

UNKNOWN_CUSTOMER = 0
"""The customer id of a call whose customer is not known."""


class CallOutcome(TextChoices):
    """How a call ended. The order is that of the numbers in `Calls.outcome`: new ones are added at the end."""

    ANSWERED = "answered", _("answered by a person")
    ABANDONED = "abandoned", _("left the queue unanswered")
    SOLVED_IN_MENU = "solved_in_menu", _("solved in the menu")
    LEFT_MENU = "left_menu", _("hung up in the menu")
    OTHER = "other", _("other")


OUTCOMES: tuple[str, ...] = tuple(CallOutcome.values)


class PersonState(TextChoices):
    """What somebody who answers does now."""

    AVAILABLE = "available", _("available")
    ON_CONTACT = "on_contact", _("on a contact")
    WRAPPING_UP = "wrapping_up", _("wrapping up")
    LISTENING = "listening", _("listening in")
    PAUSED = "paused", _("paused")
    AWAY = "away", _("away")


class PauseReason(TextChoices):
    """Why somebody takes no contacts for a while."""

    BREAK = "break", _("break")
    LUNCH = "lunch", _("lunch")
    CASES = "cases", _("open cases")
    MEETING = "meeting", _("meeting")
    COACHING = "coaching", _("coaching")
    NOT_ANSWERED = "not_answered", _("did not answer")
    NO_PHONE = "no_phone", _("no phone can be rung")


@moment_kind("phone.call_recorded", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class CallRecorded:
    """A call was recorded; the sound is kept for as long as recordings are."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    recording_id: int
    seconds: int

    def headline(self) -> Headline:
        """That there is a recording, and how long it is."""
        return Headline(gettext("Recorded"), times.lasted(self.seconds))


@moment_kind("phone.callback_unreached", group=Group.CONTACTS, tone=Tone.BAD)
@dataclass(frozen=True, slots=True)
class CallbackUnreached:
    """We called back as agreed, and nobody picked up, however often we tried."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    tries: int

    def headline(self) -> Headline:
        """How often we tried."""
        times_tried = ngettext("tried %(n)d time", "tried %(n)d times", self.tries) % {"n": self.tries}
        return Headline(gettext("Called back, and not reached"), times_tried if self.tries else "")


@moment_kind("phone.news_wanted", group=Group.CONTACTS)
@dataclass(frozen=True, slots=True)
class NewsOfOutageWanted:
    """The caller heard of a known outage, and chose to hear from us when it is over."""

    kind: ClassVar[str]
    group: ClassVar[Group]
    tone: ClassVar[Tone]
    outage_id: int
    area: str

    def headline(self) -> Headline:
        """What they wish, and where."""
        return Headline(gettext("Called, and wants to hear when the outage is over"), self.area)


class NotOnPhoneError(ConflictError):
    """What was asked of the phone is not possible any more: the caller is gone, or somebody else has them."""

    code = "not_on_phone"


@dataclass(frozen=True, slots=True)
class OnPhone:
    """A contact that rings at somebody, or that they have.

    `contact_id` is the contact of the story of a chat, text or mail (`channel`); a call's is made when it is answered.
    `unanswered_by` is the colleague who was asked last and did not answer, empty for nobody.
    `listener` is a supervisor who hears it, and `whispers` or not; empty for nobody.
    `recording` is "on", "paused" (it goes on by itself), "refused" by the customer, or empty where nothing is recorded.
    `customer_id` is 0 while nobody knows whose number it is; `note` is a colleague's written line; `told_low_min` and
    `told_high_min` are what was told of the wait, both 0 if nothing was.
    """

    contact: str
    stage: str
    queue: str
    queue_code: str
    number: str
    customer_id: int
    entered_at: datetime
    since: datetime
    told_form: str
    told_low_min: int
    told_high_min: int
    is_callback: bool
    is_held: bool
    consult: str
    parent: str
    note: str
    channel: str = "call"
    contact_id: int | None = None
    recording: str = ""
    listener: str = ""
    whispers: bool = False
    unanswered_by: str = ""


@dataclass(frozen=True, slots=True)
class MyPhone:
    """What somebody who answers does now, what rings, what they have, and whether their phone is in the browser.

    `picks_up` says whether their SIP phone does so by itself; None where no SIP phone of theirs rings.
    `refused` says why what they asked for last cannot be, in words; empty if it can.
    """

    person_id: int
    state: str
    wished: str
    reason: str
    since: datetime
    wrap_until: datetime | None
    ringing: OnPhone | None
    talking: tuple[OnPhone, ...]
    is_in_browser: bool = False
    refused: str = ""
    picks_up: bool | None = None


class FollowedUpError(ConflictError):
    """Nobody has to follow this caller up any more: a colleague has, or the caller got through."""

    code = "followed_up"


class BadFollowUpError(DomainError):
    """Nothing was written, or a callback was asked for to a number or at a time that is not possible."""

    code = "follow_up_bad"


@dataclass(frozen=True, slots=True)
class ToldWait:
    """What was told of a wait: see `queries.words.wait_in_words`."""

    form: str
    low_min: int
    high_min: int


@dataclass(frozen=True, slots=True)
class CalledBack:
    """When a callback was asked for that did not reach the caller, and by whom."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class MissedCaller:
    """Somebody who went without a person, and has not got through since: they waited, or were turned away.

    Turned away is who heard that the queue is closed, or lost the line before they came to one: they waited for 0 s.
    `contact_id` is the contact of their last try, which began to wait at `missed_at`; `over_at` is when they were gone.
    `customer_id` is 0 and `name` empty while nobody knows whose `number` it is; `number` is empty where it was
    withheld. `tries` and `longest_wait_s` are of all tries since they last had a person, `told` is of the last. `flags`
    are kinds of flags of theirs.
    """

    contact_id: int
    customer_id: int
    name: str
    number: str
    tries: int
    longest_wait_s: int
    missed_at: datetime
    over_at: datetime
    queue_id: int
    told: ToldWait | None = None
    flags: tuple[str, ...] = ()
    called_back: CalledBack | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """Who is to be followed up, whose last try is longest ago first; and the calls whose caller cannot be known."""

    callers: tuple[MissedCaller, ...]
    withheld: int


class QueueNotFoundError(NotFoundError):
    """No such queue."""

    code = "queue_not_found"


class RecordingNotFoundError(NotFoundError):
    """No such recording, or its sound is gone."""

    code = "recording_not_found"


class QueueTakenError(ConflictError):
    """Another queue has this name or code."""

    code = "queue_taken"


class BadQueueError(DomainError):
    """What was said of a queue cannot be: no name, a target of less than nothing."""

    code = "queue_bad"


class BadCallError(DomainError):
    """A call record that cannot be; its text says which call and why."""

    code = "call_bad"


class BadIntervalError(DomainError):
    """An interval that does not divide the hour, or a time span that ends before it begins."""

    code = "interval_bad"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue as it is read. `target_share` (0 to 1) of its calls shall be answered within `target_within_s` seconds.

    `time_zone` is its own (`own_time_zone`), else that of its site, else the installation's; `is_open` is False once it
    was retired. Of higher `priority` (0 to 5) comes first. People are rung for `ring_s`, wrap up for `wrap_s` at most;
    who would wait longer than `callback_above_s` may be called back instead (None: never). People have its skill at
    `level` (1 to 5) at least. With a `home` (names of sites and partners) only people there take its contacts, those of
    `overflow_to` also after `overflow_after_s`.
    """

    id: int
    name: str
    code: str
    skill_code: str
    target_within_s: int
    target_share: float
    site_id: int | None
    site: str
    time_zone: str
    is_open: bool
    own_time_zone: str = ""
    priority: int = 0
    ring_s: int = 20
    wrap_s: int = 60
    callback_above_s: int | None = None
    level: int = 1
    home: tuple[str, ...] = ()
    overflow_to: tuple[str, ...] = ()
    overflow_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class QueueTerms:
    """What may be changed of a queue; the fields as in QueueLine, `time_zone` empty for its site's."""

    name: str
    skill_code: str = ""
    target_within_s: int = 60
    target_share: float = 0.8
    site_id: int | None = None
    time_zone: str = ""
    priority: int = 0
    ring_s: int = 20
    wrap_s: int = 60
    callback_above_s: int | None = None
    level: int = 1
    home: tuple[str, ...] = ()
    overflow_to: tuple[str, ...] = ()
    overflow_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class CallSpan:
    """How many calls of a queue are kept, and when the first and the last of them arrived."""

    first_at: datetime
    last_at: datetime
    calls: int


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call that is over, to be kept; identified by (source, external_id), where both are given.

    `arrived_at` is when it reached us, `queued_at` when it asked for a person: it entered the queue, or went to a
    person who was free (then `wait_s` is 0). Both are None for a call that never left the menu. Times in whole seconds.
    """

    queue_id: int
    arrived_at: datetime
    outcome: str
    source: str = ""
    external_id: str = ""
    customer_id: int = UNKNOWN_CUSTOMER
    contact_id: int | None = None
    matter_id: int | None = None
    caller_code: str = ""
    service_code: str = ""
    priority: int = 0
    queued_at: datetime | None = None
    menu_s: int | None = None
    wait_s: int | None = None
    handle_s: int | None = None
    answered_by_id: int | None = None
    person_code: str = ""
    transfers: int = 0


@dataclass(frozen=True, slots=True)
class CallsLoaded:
    """How many calls were added, and how many were here already and stayed as they were."""

    added: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Calls:
    """n calls in the order of their arrival, as arrays of length n.

    Times are seconds since 1970 (UTC), durations seconds, both float64; NaN where there is none (a call that never
    asked for a person has no `queued_s` and no `wait_s`; only an answered one has `handle_s`, if it was measured).
    `outcome` (int8) counts in OUTCOMES. `person` (int32) counts in `people`, the codes that the source gives them (or
    `#id` of a person on staff), -1 for nobody; `service` (int32) in `services`, -1 for none. `matter` (int64) is its id
    or -1, `customer` (int64) its id or 0. `caller` (int64) is the same number for the same customer or caller's code
    among these calls, -1 where nothing is known of the caller.
    """

    arrived_s: NDArray[np.float64]
    queued_s: NDArray[np.float64]
    menu_s: NDArray[np.float64]
    wait_s: NDArray[np.float64]
    handle_s: NDArray[np.float64]
    outcome: NDArray[np.int8]
    person: NDArray[np.int32]
    service: NDArray[np.int32]
    matter: NDArray[np.int64]
    customer: NDArray[np.int64]
    caller: NDArray[np.int64]
    priority: NDArray[np.int16]
    transfers: NDArray[np.int16]
    people: tuple[str, ...]
    services: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.arrived_s)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Calls that arrived in each of m intervals: `starts_s` (float64, seconds since 1970) and `counts` (int64).

    Intervals without a call are there with 0. `interval_s` is their length; a day of 86,400 s is a local day, which is
    an hour shorter or longer where the clocks change.
    """

    starts_s: NDArray[np.float64]
    counts: NDArray[np.int64]
    interval_s: int
