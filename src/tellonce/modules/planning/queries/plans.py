"""A week's plan as it is read: terms, shifts, absences, and what was done to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from tellonce.modules.phone import queries as phone
from tellonce.modules.phone.contracts import QueueLine
from tellonce.modules.planning.contracts import Pause, PlanTerms, ShiftLine
from tellonce.modules.planning.contracts.outlook import Bools, Demand, Floats
from tellonce.modules.planning.models import Absence, ExtraPeople, Forecast, Plan, RosterRun, Shift
from tellonce.modules.planning.queries.forecasts import demand_of, forecast_for, latest_forecast
from tellonce.modules.planning.queries.weeks import extra, middles_s, presence, week_bounds

_HANDLE_S, _PATIENCE_S = 240.0, 300.0
_MOST_SHARE = 0.99


@dataclass(frozen=True, slots=True, eq=False)
class WeekPlan:
    """All that there is to know of a queue's week. `plan` is None where nobody changed it yet (version 0).

    `there` is who is at work: shape (shifts, 7, 96). `people` is the roster's number, shape (7, 96).
    """

    queue: QueueLine
    week: date
    zone: ZoneInfo
    plan: Plan | None
    terms: PlanTerms
    forecast: Forecast | None
    demand: Demand | None
    shifts: tuple[ShiftLine, ...]
    extras: tuple[ExtraPeople, ...]
    there: Bools
    people: Floats

    @property
    def version(self) -> int:
        """Rises with every change; 0 before the first."""
        return self.plan.version if self.plan else 0


def first_terms(queue_id: int) -> PlanTerms:
    """What a week of the queue is planned by until somebody says otherwise: its target, and what its calls taught."""
    queue, forecast = phone.queue_line(queue_id), latest_forecast(queue_id)
    return PlanTerms(
        target_within_s=queue.target_within_s,
        target_share=min(queue.target_share, _MOST_SHARE),
        handle_s=(forecast and forecast.handle_s) or _HANDLE_S,
        patience_s=(forecast and forecast.patience_s) or _PATIENCE_S,
        shrinkage=0.0,
    )


def week_plan(queue: QueueLine, week: date) -> WeekPlan:
    """The week as it is planned now."""
    zone = ZoneInfo(queue.time_zone)
    plan = Plan.objects.filter(queue_id=queue.id, week=week).first()
    forecast = forecast_for(queue.id, week)
    shifts = shift_lines(plan) if plan else ()
    extras = tuple(plan.extra_people.all()) if plan else ()
    middles = middles_s(week, zone)
    there = presence(middles, shifts, _absences(shifts, week, zone))
    more = extra(middles, [(each.starts_at, each.ends_at, each.people) for each in extras])
    return WeekPlan(
        queue=queue,
        week=week,
        zone=zone,
        plan=plan,
        terms=plan.terms if plan else first_terms(queue.id),
        forecast=forecast,
        demand=demand_of(forecast, week) if forecast else None,
        shifts=shifts,
        extras=extras,
        there=there,
        people=np.maximum(there.sum(axis=0) + more, 0.0),
    )


def shift_lines(plan: Plan) -> tuple[ShiftLine, ...]:
    """The plan's shifts in order of time."""
    return tuple(_line(shift) for shift in plan.shifts.select_related("person__team").order_by("starts_at", "pk"))


def shifts_of(
    person_ids: Iterable[int], *, since: datetime, until: datetime, without_plan: int | None = None
) -> list[tuple[int, datetime, datetime]]:
    """The shifts of these people in any plan that touch the time: person, from, until."""
    found = Shift.objects.filter(person_id__in=list(person_ids), starts_at__lt=until, ends_at__gt=since)
    found = found.exclude(plan_id=without_plan) if without_plan is not None else found
    return [(row[0] or 0, row[1], row[2]) for row in found.values_list("person_id", "starts_at", "ends_at")]


def absences_between(since: datetime, until: datetime) -> list[Absence]:
    """Who is away at any time between."""
    found = Absence.objects.select_related("person").filter(starts_at__lt=until, ends_at__gt=since)
    return list(found.order_by("person__name", "starts_at"))


def _absences(shifts: Iterable[ShiftLine], week: date, zone: ZoneInfo) -> list[tuple[int, datetime, datetime]]:
    people = {shift.person_id for shift in shifts if shift.person_id is not None}
    since, until = week_bounds(week, zone)
    found = Absence.objects.filter(person_id__in=people, starts_at__lt=until, ends_at__gt=since)
    return list(found.values_list("person_id", "starts_at", "ends_at"))


def _line(shift: Shift) -> ShiftLine:
    person = shift.person
    return ShiftLine(
        id=shift.pk,
        name=person.name if person else shift.label,
        person_id=shift.person_id,
        team=person.team.name if person and person.team else "",
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        pauses=tuple(Pause(after, length) for after, length in shift.pauses),
    )


def latest_run(plan: WeekPlan) -> RosterRun | None:
    """The roster of the week that was asked for last."""
    return plan.plan.runs.order_by("-asked_at").first() if plan.plan else None
