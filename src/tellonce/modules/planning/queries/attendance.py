"""When people are planned to be at work, by the plans that stand: shifts less their breaks and less absences."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from tellonce.modules.planning.models import Absence, Shift

Span = tuple[float, float]

_BEFORE, _AFTER = timedelta(days=1), timedelta(days=3)
_MINUTE_S = 60.0


def planned_spells(at: datetime) -> dict[int, tuple[Span, ...]]:
    """By person the spells of work (seconds since 1970) around `at`, in order: those of yesterday to in two days.

    Whole days (UTC), so that what is read stays the same for a day unless somebody changes a plan.
    """
    today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    since, until = today - _BEFORE, today + _AFTER
    during = {"starts_at__lt": until, "ends_at__gt": since}
    shifts = Shift.objects.filter(person__isnull=False, person__is_active=True, **during).order_by("starts_at")
    away: dict[int, list[Span]] = {}
    for person, begins, ends in Absence.objects.filter(**during).values_list("person_id", "starts_at", "ends_at"):
        away.setdefault(person, []).append((begins.timestamp(), ends.timestamp()))
    spells: dict[int, list[Span]] = {}
    for person, begins, ends, pauses in shifts.values_list("person_id", "starts_at", "ends_at", "pauses"):
        start = begins.timestamp()
        breaks = [(start + after * _MINUTE_S, start + (after + length) * _MINUTE_S) for after, length in pauses]
        gone = (*breaks, *away.get(person or 0, ()))
        spells.setdefault(person or 0, []).extend(_without((start, ends.timestamp()), gone))
    return _in_order(spells)


def _without(span: Span, gone: Iterable[Span]) -> list[Span]:
    """What is left of the span."""
    left, start = [], span[0]
    for begins, ends in sorted(gone):
        if begins > start:
            left.append((start, min(begins, span[1])))
        start = max(start, ends)
    left.append((start, span[1]))
    return [(begins, ends) for begins, ends in left if begins < ends]


def _in_order(spells: Mapping[int, Iterable[Span]]) -> dict[int, tuple[Span, ...]]:
    return {person: tuple(sorted(found)) for person, found in sorted(spells.items())}
