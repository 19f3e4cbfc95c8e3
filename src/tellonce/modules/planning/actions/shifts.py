"""Shifts and numbers of people of a plan: added, moved, removed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from tellonce.modules.planning import queries
from tellonce.modules.planning.actions.changing import (
    PlanKey,
    extra_rows,
    keep_change,
    pause_rows,
    plan_to_change,
    shift_rows,
)
from tellonce.modules.planning.contracts import LONGEST_SHIFT_S, BadPlanError, ChangeKind, NewShift
from tellonce.modules.planning.models import ExtraPeople, Plan, Shift
from tellonce.modules.planning.queries.weeks import week_bounds
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import Actor

_LONGEST = timedelta(seconds=LONGEST_SHIFT_S)
_MOST_PEOPLE = 1_000
_MINUTE_S = 60


@transaction.atomic
def add_shift(*, key: PlanKey, shift: NewShift, by: Actor, at: datetime) -> Plan:
    """Somebody works more. PlanChangedError; BadPlanError names the field."""
    plan = plan_to_change(key, by=by, at=at)
    [added] = lay_shifts(plan, key, [shift])
    words = _who_when(added, key)
    return keep_change(plan, ChangeKind.SHIFT_ADDED, words=words, by=by, at=at, after={"shifts": shift_rows([added])})


@transaction.atomic
def move_shift(*, key: PlanKey, shift_id: int, shift: NewShift, by: Actor, at: datetime) -> Plan:
    """Somebody works at another time, or somebody else does. PlanChangedError; BadPlanError names the field."""
    plan = plan_to_change(key, by=by, at=at)
    old = _shift_of(plan, shift_id)
    before = shift_rows([old])
    old.delete()
    [added] = lay_shifts(plan, key, [shift])
    return keep_change(
        plan,
        ChangeKind.SHIFT_MOVED,
        words=_who_when(added, key),
        by=by,
        at=at,
        before={"shifts": before},
        after={"shifts": shift_rows([added])},
    )


@transaction.atomic
def remove_shift(*, key: PlanKey, shift_id: int, by: Actor, at: datetime) -> Plan:
    """Somebody does not work there. PlanChangedError, BadPlanError."""
    plan = plan_to_change(key, by=by, at=at)
    old = _shift_of(plan, shift_id)
    before, words = shift_rows([old]), _who_when(old, key)
    old.delete()
    return keep_change(plan, ChangeKind.SHIFT_REMOVED, words=words, by=by, at=at, before={"shifts": before})


@transaction.atomic
def remove_person(*, key: PlanKey, person_id: int, by: Actor, at: datetime) -> Plan:
    """Somebody does not work in this week at all. PlanChangedError, BadPlanError."""
    plan = plan_to_change(key, by=by, at=at)
    theirs = list(plan.shifts.select_related("person").filter(person_id=person_id))
    if not theirs:
        raise BadPlanError(gettext("They have no shift in this week."))
    before, words = shift_rows(theirs), str(theirs[0].person)
    plan.shifts.filter(person_id=person_id).delete()
    return keep_change(plan, ChangeKind.PERSON_REMOVED, words=words, by=by, at=at, before={"shifts": before})


@transaction.atomic
def change_people(
    *, key: PlanKey, starts_at: datetime, ends_at: datetime, people: int, by: Actor, at: datetime
) -> Plan:
    """So many more people (fewer below 0) than the shifts say, for a time. PlanChangedError; BadPlanError."""
    plan = plan_to_change(key, by=by, at=at)
    since, until = week_bounds(key.week, key.zone)
    if not since <= starts_at < ends_at <= until:
        raise BadPlanError(gettext("The time ends after it begins, and lies within the week."), field="until")
    if people == 0 or abs(people) > _MOST_PEOPLE:
        raise BadPlanError(gettext("Say how many more (or fewer, below 0), at most 1,000."), field="people")
    same = plan.extra_people.select_for_update().filter(starts_at=starts_at, ends_at=ends_at).first()
    before = extra_rows([same] if same else [])
    total = people + (same.people if same else 0)
    if same:
        same.delete()
    after = [ExtraPeople.objects.create(plan=plan, starts_at=starts_at, ends_at=ends_at, people=total)] if total else []
    words = gettext("%(n)+d from %(begin)s to %(end)s") % {
        "n": people,
        "begin": date_format(starts_at.astimezone(key.zone), "D H:i"),
        "end": date_format(ends_at.astimezone(key.zone), "H:i"),
    }
    return keep_change(
        plan,
        ChangeKind.PEOPLE,
        words=words,
        by=by,
        at=at,
        before={"extra": before},
        after={"extra": extra_rows(after)},
    )


@transaction.atomic
def replace_shifts(*, key: PlanKey, shifts: Sequence[NewShift], kind: ChangeKind, by: Actor, at: datetime) -> Plan:
    """All shifts and extra people of the week give way to these. PlanChangedError, BadPlanError."""
    plan = plan_to_change(key, by=by, at=at)
    before = {"shifts": shift_rows(plan.shifts.all()), "extra": extra_rows(plan.extra_people.all())}
    plan.shifts.all().delete()
    plan.extra_people.all().delete()
    added = lay_shifts(plan, key, shifts)
    words = ngettext("%(n)d shift", "%(n)d shifts", len(added)) % {"n": len(added)}
    return keep_change(plan, kind, words=words, by=by, at=at, before=before, after={"shifts": shift_rows(added)})


def lay_shifts(plan: Plan, key: PlanKey, shifts: Sequence[NewShift]) -> list[Shift]:
    """Checks the shifts against each other and everybody's other plans, and adds them. BadPlanError."""
    since, until = week_bounds(key.week, key.zone)
    for shift in shifts:
        _refuse_bad(shift, since, until)
    _refuse_twice(shifts, key)
    return Shift.objects.bulk_create(
        Shift(
            plan=plan,
            person_id=shift.person_id,
            label=shift.label[:120] if shift.person_id is None else "",
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            pauses=pause_rows(shift.pauses),
            uid=shift.uid,
        )
        for shift in shifts
    )


def _refuse_bad(shift: NewShift, since: datetime, until: datetime) -> None:
    length = shift.ends_at - shift.starts_at
    if length <= timedelta(0):
        raise BadPlanError(gettext("A shift ends after it begins."), field="until")
    if length > _LONGEST:
        raise BadPlanError(gettext("A shift is at most a day long."), field="until")
    if not since <= shift.starts_at < until:
        raise BadPlanError(gettext("A shift begins in the week that is planned."), field="since")
    if shift.person_id is None and not shift.label.strip():
        raise BadPlanError(gettext("Say who works: a person, or a name for somebody."), field="who")
    if shift.person_id is not None:
        staff.person(shift.person_id)
    last = 0
    for pause in sorted(shift.pauses, key=lambda each: each.after_min):
        if pause.after_min < last or pause.length_min <= 0:
            raise BadPlanError(gettext("Breaks last longer than nothing and do not overlap."), field="pause")
        last = pause.after_min + pause.length_min
    if last * _MINUTE_S > length.total_seconds():
        raise BadPlanError(gettext("A break lies within its shift."), field="pause")


def _refuse_twice(shifts: Sequence[NewShift], key: PlanKey) -> None:
    """Nobody is in two places at once: neither in these shifts, nor in another queue's plan."""
    spans: dict[int, list[tuple[datetime, datetime]]] = {}
    for shift in shifts:
        if shift.person_id is not None:
            spans.setdefault(shift.person_id, []).append((shift.starts_at, shift.ends_at))
    for person_id, theirs in spans.items():
        theirs.sort()
        for (_, end), (begin, _) in pairwise(theirs):
            if begin < end:
                raise BadPlanError(_twice(person_id, begin, key), field="since")
    if spans:
        first, last = min(min(each)[0] for each in spans.values()), max(e for each in spans.values() for _, e in each)
        for person_id, since, until in queries.shifts_of(spans.keys(), since=first, until=last):
            if any(begin < until and since < end for begin, end in spans[person_id]):
                raise BadPlanError(_twice(person_id, since, key), field="since")


def _twice(person_id: int, since: datetime, key: PlanKey) -> str:
    when = date_format(since.astimezone(key.zone), "D H:i")
    name = staff.person(person_id).name
    return gettext("%(name)s works already from %(time)s: nobody has two shifts at once.") % {
        "name": name,
        "time": when,
    }


def _shift_of(plan: Plan, shift_id: int) -> Shift:
    found = plan.shifts.select_related("person").filter(pk=shift_id).first()
    if found is None:
        raise BadPlanError(gettext("That shift is not in this plan any more; load the page again."))
    return found


def _who_when(shift: Shift, key: PlanKey) -> str:
    name = shift.label or staff.person(shift.person_id or 0).name
    begin, end = shift.starts_at.astimezone(key.zone), shift.ends_at.astimezone(key.zone)
    return f"{name}, {begin:%a %H:%M} - {end:%H:%M}"
