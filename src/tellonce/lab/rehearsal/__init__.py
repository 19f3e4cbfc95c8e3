"""Policies tried on the simulator before they are taken: what each changes, and what callers and people then meet."""

from tellonce.lab.rehearsal.applying import changed
from tellonce.lab.rehearsal.changes import (
    EVERY_DAY,
    Base,
    CallbacksChange,
    CallsChange,
    Change,
    Changes,
    HoursChange,
    MenuChange,
    PeopleChange,
    PressureChange,
    PriorityChange,
    SiteAdded,
    SiteLost,
    SkillsChange,
)
from tellonce.lab.rehearsal.errors import TEXTS, RehearsalInputError
from tellonce.lab.rehearsal.running import rehearse
from tellonce.lab.rehearsal.seen import Seen
from tellonce.lab.rehearsal.written import digest, read, written

__all__ = [
    "EVERY_DAY",
    "TEXTS",
    "Base",
    "CallbacksChange",
    "CallsChange",
    "Change",
    "Changes",
    "HoursChange",
    "MenuChange",
    "PeopleChange",
    "PressureChange",
    "PriorityChange",
    "RehearsalInputError",
    "Seen",
    "SiteAdded",
    "SiteLost",
    "SkillsChange",
    "changed",
    "digest",
    "read",
    "rehearse",
    "written",
]
