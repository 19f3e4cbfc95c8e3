"""A roster asked for, made by a worker, cancelled, and taken over into its plan."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from tellonce.kernel.errors import DomainError
from tellonce.modules.phone import queries as phone
from tellonce.modules.planning import queries
from tellonce.modules.planning.actions.changing import PlanKey, plan_to_change
from tellonce.modules.planning.actions.shifts import replace_shifts
from tellonce.modules.planning.contracts import (
    DAYS,
    BadPlanError,
    ChangeKind,
    NewShift,
    Pause,
    RosterBusyError,
    RunState,
)
from tellonce.modules.planning.contracts.reasons import error_row
from tellonce.modules.planning.contracts.rosters import RosterMade, RosterWish
from tellonce.modules.planning.models import Plan, RosterRun
from tellonce.modules.planning.queries.plans import WeekPlan, absences_between
from tellonce.modules.planning.queries.rostering import made_of, roster_for, wish_row
from tellonce.modules.planning.queries.weeks import week_bounds
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import Actor

_LONGEST_MIN, _DAY_MIN, _QUARTER_MIN = 1_440, 1_440, 15
_MOST_PEOPLE = 2_000
_MOST_SECONDS = 300
_STILL = (RunState.WAITING, RunState.RUNNING)


@transaction.atomic
def ask_roster(*, key: PlanKey, wish: RosterWish, by: Actor, at: datetime) -> RosterRun:
    """Asks for a roster, which a worker makes. RosterBusyError, PlanChangedError; BadPlanError names the field."""
    _refuse_bad(wish)
    if queries.forecast_for(key.queue_id, key.week) is None:
        raise BadPlanError(gettext("This week has no forecast yet: a roster follows from the calls expected."))
    plan = plan_to_change(key, by=by, at=at)
    if plan.runs.filter(state__in=_STILL).exists():
        raise RosterBusyError(gettext("A roster of this week is being made already."))
    return RosterRun.objects.create(
        plan=plan, terms=wish_row(wish), asked_at=at, asked_by_id=by.id, asked_by_name=by.name
    )


@transaction.atomic
def cancel_roster(*, run_id: int, by: Actor, at: datetime) -> RosterRun:
    """Asks the worker to stop; one that no worker began is over at once."""
    run = RosterRun.objects.select_for_update().get(pk=run_id)
    if run.state in _STILL:
        run.cancel_asked_at = at
        if run.state == RunState.WAITING:
            run.state, run.ended_at = RunState.CANCELLED, at
        run.save()
    return run


def make_roster(*, run_id: int, now: Callable[[], datetime]) -> RosterRun:
    """Makes the roster that was asked for, telling how far it is; one that is over already stays as it is.

    A worker that died in it left it running: the next one begins anew.
    """
    run = RosterRun.objects.select_related("plan").get(pk=run_id)
    if run.state not in _STILL:
        return run
    _note(run, state=RunState.RUNNING, progress=0.0)
    plan = queries.week_plan(phone.queue_line(run.plan.queue_id), run.plan.week)
    try:
        made = roster_for(plan, RosterWish(**run.terms), _people(run, plan), progress=lambda share: _tell(run, share))
    except DomainError as error:
        return _note(run, state=RunState.FAILED, result={"why": error_row(error)}, ended_at=now())
    if RosterRun.objects.filter(pk=run.pk, cancel_asked_at__isnull=False).exists():
        return _note(run, state=RunState.CANCELLED, ended_at=now())
    if made is None:
        return _note(run, state=RunState.FAILED, result={"why": {"reason": "no_demand", "told": {}}}, ended_at=now())
    return _note(run, state=RunState.DONE, progress=1.0, result=asdict(made), ended_at=now())


@transaction.atomic
def take_roster(*, key: PlanKey, run_id: int, by: Actor, at: datetime) -> Plan:
    """The shifts that were made replace those of the week. PlanChangedError, BadPlanError."""
    run = RosterRun.objects.filter(
        pk=run_id, plan__queue_id=key.queue_id, plan__week=key.week, state=RunState.DONE
    ).first()
    if run is None:
        raise BadPlanError(gettext("That roster is not there any more."))
    shifts = _shifts(made_of(run.result), key)
    return replace_shifts(key=key, shifts=shifts, kind=ChangeKind.ROSTER, by=by, at=at)


def _shifts(made: RosterMade, key: PlanKey) -> list[NewShift]:
    since, _until = week_bounds(key.week, key.zone)
    midnight = since.replace(tzinfo=None)

    def wall(minutes: int) -> datetime:
        return (midnight + timedelta(minutes=minutes)).replace(tzinfo=key.zone)

    return [
        NewShift(
            wall(begin), wall(end), person_id=person_id, label=label, pauses=tuple(Pause(*each) for each in pauses)
        )
        for person_id, label, begin, end, pauses in made.shifts
    ]


def _people(run: RosterRun, plan: WeekPlan) -> list[tuple[int, str, frozenset[int]]]:
    """The people of the team that was asked for, with the days on which they are away or work elsewhere."""
    team_id = run.terms.get("team_id")
    if team_id is None:
        return []
    since, until = week_bounds(plan.week, plan.zone)
    people = [(person.pk, person.name) for person in staff.people().filter(team_id=team_id, is_active=True)]
    gone: dict[int, set[int]] = {person_id: set() for person_id, _ in people}
    busy = [(each.person_id, each.starts_at, each.ends_at) for each in absences_between(since, until)]
    busy += queries.shifts_of(gone, since=since, until=until, without_plan=run.plan_id)
    for person_id, begin, end in busy:
        days = range(DAYS) if person_id in gone else ()
        local = [(at.astimezone(plan.zone).date() - plan.week).days for at in (begin, end - timedelta(seconds=1))]
        gone.get(person_id, set()).update(day for day in days if local[0] <= day <= local[1])
    return [(person_id, name, frozenset(gone[person_id])) for person_id, name in people]


def _tell(run: RosterRun, share: float) -> bool:
    """Notes how far it is; True where somebody asked to stop."""
    RosterRun.objects.filter(pk=run.pk).update(progress=min(max(share, 0.0), 1.0))
    return RosterRun.objects.filter(pk=run.pk, cancel_asked_at__isnull=False).exists()


def _note(run: RosterRun, **values: Any) -> RosterRun:
    for name, value in values.items():
        setattr(run, name, value)
    run.save(update_fields=list(values))
    return run


def _refuse_bad(wish: RosterWish) -> None:
    step = gettext("Times are on the quarter hour.")
    rules = (
        ("people", wish.team_id is not None or 1 <= wish.people <= _MOST_PEOPLE, gettext("One to 2,000 people.")),
        ("shift_hours", 0 < wish.shift_min <= _LONGEST_MIN, gettext("A shift is at most a day long.")),
        ("shift_hours", wish.shift_min % _QUARTER_MIN == 0, step),
        ("break_min", 0 <= wish.break_min < wish.shift_min, gettext("A break lies within its shift.")),
        ("break_min", wish.break_min % _QUARTER_MIN == 0, step),
        ("days", 1 <= wish.days <= DAYS, gettext("One to seven days.")),
        (
            "last_start",
            0 <= wish.first_start_min <= wish.last_start_min < _DAY_MIN,
            gettext("The last start is after the first."),
        ),
        ("first_start", wish.first_start_min % _QUARTER_MIN == 0, step),
        ("last_start", wish.last_start_min % _QUARTER_MIN == 0, step),
        ("seconds", 1 <= wish.seconds <= _MOST_SECONDS, gettext("One to 300 seconds.")),
    )
    for field, holds, words in rules:
        if not holds:
            raise BadPlanError(words, field=field)
