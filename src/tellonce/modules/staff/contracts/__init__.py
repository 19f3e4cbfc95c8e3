"""What other modules may know of staff: roles, the actor of a write, calendars, errors."""

from tellonce.modules.staff.contracts.calendar import ALWAYS_OPEN, Calendar, NeverOpenError, Span
from tellonce.modules.staff.contracts.errors import (
    BadHoursError,
    LockedOutError,
    MailTakenError,
    NameTakenError,
    NotAPersonError,
    OutsidePartnerError,
    ReasonNeededError,
    StaffNotFoundError,
    WeakPasswordError,
)
from tellonce.modules.staff.contracts.people import (
    ANYONE,
    SIGNED_IN,
    SYSTEM,
    Actor,
    ActorKind,
    Anyone,
    Gate,
    PermissionSet,
    Role,
    session_mark,
)

__all__ = [
    "ALWAYS_OPEN",
    "ANYONE",
    "SIGNED_IN",
    "SYSTEM",
    "Actor",
    "ActorKind",
    "Anyone",
    "BadHoursError",
    "Calendar",
    "Gate",
    "LockedOutError",
    "MailTakenError",
    "NameTakenError",
    "NeverOpenError",
    "NotAPersonError",
    "OutsidePartnerError",
    "PermissionSet",
    "ReasonNeededError",
    "Role",
    "Span",
    "StaffNotFoundError",
    "WeakPasswordError",
    "session_mark",
]
