"""How every change of a plan goes: locked, checked against the version that was read, and kept with what undoes it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.phone import queries as phone
from tellonce.modules.planning import queries
from tellonce.modules.planning.contracts import BadPlanError, ChangeKind, Pause, PlanChangedError, PlanTerms
from tellonce.modules.planning.models import ExtraPeople, Plan, PlanChange, Shift
from tellonce.modules.planning.queries.weeks import monday_of
from tellonce.modules.staff.contracts import Actor
from tellonce.webkit import times

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PlanKey:
    """Which plan, and the version of it that the planner was looking at; 0 for one that nobody changed yet."""

    queue_id: int
    week: date
    version: int

    @property
    def zone(self) -> ZoneInfo:
        """The clock of its queue."""
        return ZoneInfo(phone.queue_line(self.queue_id).time_zone)


@transaction.atomic
def plan_to_change(key: PlanKey, *, by: Actor, at: datetime) -> Plan:
    """The plan, locked; made with the queue's own terms where nobody changed it yet. PlanChangedError, BadPlanError."""
    if key.week != monday_of(key.week):
        raise BadPlanError(gettext("A plan is of a week that begins on a Monday."))
    terms = queries.first_terms(key.queue_id)
    Plan.objects.bulk_create(
        [Plan(queue_id=key.queue_id, week=key.week, changed_at=at, changed_by_name=by.name, **asdict(terms))],
        ignore_conflicts=True,
    )
    plan = Plan.objects.select_for_update().get(queue_id=key.queue_id, week=key.week)
    if plan.version != key.version:
        raise PlanChangedError(
            gettext("%(name)s changed this plan at %(time)s. Look at it as it is now, and do yours again.")
            % {"name": plan.changed_by_name, "time": times.clock(plan.changed_at)}
        )
    return plan


def keep_change(
    plan: Plan,
    kind: ChangeKind,
    *,
    words: str,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Plan:
    """The plan with its next version, and the change with what it took away and what it put there."""
    plan.version += 1
    plan.changed_at, plan.changed_by_id, plan.changed_by_name = at, by.id, by.name
    forecast = queries.forecast_for(plan.queue_id, plan.week)
    plan.forecast_id = forecast.pk if forecast else plan.forecast_id
    plan.save()
    PlanChange.objects.create(
        plan=plan,
        version=plan.version,
        kind=kind,
        words=words[:300],
        before=before or {},
        after=after or {},
        at=at,
        by_id=by.id,
        by_name=by.name,
    )
    return plan


def shift_rows(shifts: Iterable[Shift]) -> Rows:
    """Shifts as a change keeps them."""
    return [
        {
            "id": shift.pk,
            "person_id": shift.person_id,
            "label": shift.label,
            "starts_at": shift.starts_at.isoformat(),
            "ends_at": shift.ends_at.isoformat(),
            "pauses": shift.pauses,
            "uid": shift.uid,
        }
        for shift in shifts
    ]


def extra_rows(entries: Iterable[ExtraPeople]) -> Rows:
    """Extra people as a change keeps them."""
    return [
        {
            "id": entry.pk,
            "starts_at": entry.starts_at.isoformat(),
            "ends_at": entry.ends_at.isoformat(),
            "people": entry.people,
        }
        for entry in entries
    ]


def terms_row(terms: PlanTerms) -> dict[str, Any]:
    """Terms as a change keeps them."""
    return asdict(terms)


def pause_rows(pauses: Iterable[Pause]) -> list[list[int]]:
    """Breaks as a shift keeps them: minutes after its start, length."""
    return [[pause.after_min, pause.length_min] for pause in pauses]
