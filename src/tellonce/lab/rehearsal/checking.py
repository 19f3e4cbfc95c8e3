"""What a change must be like; what is not is refused with the field where it was said."""

import math
from collections.abc import Iterable
from typing import Any

from tellonce.lab.rehearsal.changes import MOST_PEOPLE, Base, Change, SiteAdded
from tellonce.lab.rehearsal.errors import RehearsalInputError

_HOURS, _DAYS = 24.0, 7
_LONGEST_S = 7 * 86_400.0
_SHARES = ("moved", "drawn", "accepted", "unanswered", "solved", "lost", "more_repeats")
_LEAST_ZERO = ("above_s", "takes_s", "factor", "pace", "people", "days")
_SECONDS = ("above_s", "takes_s")
_MOST_FACTOR = 100.0


def check(change: Change, base: Base) -> None:
    """Refuses what cannot be, as far as it shows before the simulation."""
    for name in (field for field in _SHARES if hasattr(change, field)):
        if not 0 <= getattr(change, name) <= 1:
            raise RehearsalInputError(name, "share")
    for name in (field for field in _LEAST_ZERO if hasattr(change, field)):
        if not getattr(change, name) >= 0:
            raise RehearsalInputError(name, "below_zero")
    for name in (field for field in _SECONDS if hasattr(change, field)):
        if not getattr(change, name) <= _LONGEST_S:
            raise RehearsalInputError(name, "a_week")
    _numbers(change)
    _hours(change)
    _names(change, base)


def _numbers(change: Any) -> None:
    for name in ("count", "people"):
        if abs(getattr(change, name, 0)) > MOST_PEOPLE:
            raise RehearsalInputError(name, "too_many_people", most=MOST_PEOPLE)
    for name in ("factor", "pace"):
        if hasattr(change, name) and not getattr(change, name) <= _MOST_FACTOR:
            raise RehearsalInputError(name, "too_many_times", most=_MOST_FACTOR)
    if getattr(change, "count", 1) == 0:
        raise RehearsalInputError("count", "nothing_changes")
    if (change.kind == "pressure" and not change.factor > 0) or (change.kind == "site_added" and not change.pace > 0):
        raise RehearsalInputError("factor" if change.kind == "pressure" else "pace", "not_above_zero")
    if change.kind == "menu" and change.solved + change.lost > 1:
        raise RehearsalInputError("lost", "more_than_all")
    _more_numbers(change)


def _more_numbers(change: Any) -> None:
    if change.kind == "priority" and not abs(change.head_start_s) <= _LONGEST_S:
        raise RehearsalInputError("head_start_s", "head_start")
    if change.kind == "calls" and change.from_day < 1:
        raise RehearsalInputError("from_day", "first_day")
    if change.kind == "site_added" and change.people < 1:
        raise RehearsalInputError("people", "empty_site")


def _hours(change: Any) -> None:
    begin, end = ("opens_h", "closes_h") if hasattr(change, "opens_h") else ("from_h", "to_h")
    if not hasattr(change, begin):
        return
    for name in (begin, end):
        if not (math.isfinite(getattr(change, name)) and getattr(change, name) >= 0):
            raise RehearsalInputError(name, "hour")
    if getattr(change, end) - getattr(change, begin) > _HOURS:
        raise RehearsalInputError(end, "long_shift")
    if getattr(change, end) <= getattr(change, begin):
        raise RehearsalInputError(end, "ends_first")
    if getattr(change, end) > 2 * _HOURS or getattr(change, begin) >= _HOURS:
        raise RehearsalInputError(begin, "begins_later")
    days = getattr(change, "weekdays", (0,))
    if not days or any(not 0 <= day < _DAYS for day in days):
        raise RehearsalInputError("weekdays", "no_weekday")


def _names(change: Any, base: Base) -> None:
    _known("skills", getattr(change, "skills", ()), base.skills, "nobody_has")
    if hasattr(change, "skill"):
        _known("skill", (change.skill,), base.skills, "nobody_has")
    if getattr(change, "area", ""):
        _known("area", (change.area,), base.areas, "no_call_from")
    if getattr(change, "site", ""):
        _known("site", (change.site,), base.places, "nobody_at")
    if change.kind == "site_lost":
        _known("name", (change.name,), base.places, "nobody_at")
    if isinstance(change, SiteAdded) and (not change.name.strip() or change.name in base.places):
        raise RehearsalInputError("name", "site_known")


def _known(field: str, names: Iterable[str], known: tuple[str, ...], reason: str) -> None:
    for name in names:
        if name not in known:
            raise RehearsalInputError(field, reason, name=name, known=", ".join(known) or "-")
