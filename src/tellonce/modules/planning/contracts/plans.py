"""A plan as it is read and written: its terms, its shifts, and how its roster is being made."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

DAYS = 7
QUARTER_S = 900
QUARTERS = 96
LONGEST_SHIFT_S = 86_400


class ChangeKind(TextChoices):
    """What somebody did to a plan."""

    TERMS = "terms", _("changed the settings")
    SHIFT_ADDED = "shift_added", _("added a shift")
    SHIFT_MOVED = "shift_moved", _("moved a shift")
    SHIFT_REMOVED = "shift_removed", _("removed a shift")
    PEOPLE = "people", _("changed the number of people")
    PERSON_REMOVED = "person_removed", _("took a person out of the week")
    ROSTER = "roster", _("took over a new roster")
    IMPORT = "import", _("imported a file")


class RunState(TextChoices):
    """Where the making of a roster is."""

    WAITING = "waiting", _("waiting for a worker")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a week is planned by.

    `target_share` (above 0, below 1) of the callers shall be answered within `target_within_s` seconds. `handle_s` is
    the mean time with a call, `patience_s` the mean time that a caller waits before giving up, both in seconds.
    `shrinkage` (0 to below 1) is the share of those on the roster who are not at the phones.
    """

    target_within_s: int
    target_share: float
    handle_s: float
    patience_s: float
    shrinkage: float


@dataclass(frozen=True, slots=True)
class Pause:
    """A break: `after_min` minutes after the shift's start, for `length_min` minutes."""

    after_min: int
    length_min: int


@dataclass(frozen=True, slots=True)
class NewShift:
    """A shift to be planned: of somebody on staff, or of "somebody" under a label; times aware."""

    starts_at: datetime
    ends_at: datetime
    person_id: int | None = None
    label: str = ""
    pauses: tuple[Pause, ...] = ()
    uid: str = ""


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A planned shift as it is read; `name` is the person's, or the label."""

    id: int
    name: str
    person_id: int | None
    team: str
    starts_at: datetime
    ends_at: datetime
    pauses: tuple[Pause, ...]
