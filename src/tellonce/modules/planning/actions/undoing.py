"""The last change of a plan taken back."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from tellonce.modules.planning.actions.changing import PlanKey, plan_to_change
from tellonce.modules.planning.contracts import BadPlanError, NothingToUndoError
from tellonce.modules.planning.models import Absence, ExtraPeople, Plan, PlanChange, Shift
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def undo_change(*, key: PlanKey, by: Actor, at: datetime) -> Plan:
    """Takes back the latest change that stands. PlanChangedError, NothingToUndoError, BadPlanError."""
    plan = plan_to_change(key, by=by, at=at)
    change = plan.changes.filter(undone_at=None).order_by("-version").first()
    if change is None:
        raise NothingToUndoError(gettext("There is nothing to take back."))
    try:
        _put_back(plan, change)
    except IntegrityError as error:
        words = gettext("That cannot be taken back: somebody of it works elsewhere at that time by now.")
        raise BadPlanError(words) from error
    change.undone_at, change.undone_by_name = at, by.name
    change.save(update_fields=["undone_at", "undone_by_name"])
    plan.version += 1
    plan.changed_at, plan.changed_by_id, plan.changed_by_name = at, by.id, by.name
    plan.save()
    return plan


def _put_back(plan: Plan, change: PlanChange) -> None:
    before: dict[str, Any] = change.before
    Shift.objects.filter(plan=plan, pk__in=[row["id"] for row in change.after.get("shifts", [])]).delete()
    ExtraPeople.objects.filter(plan=plan, pk__in=[row["id"] for row in change.after.get("extra", [])]).delete()
    Absence.objects.filter(pk__in=change.after.get("absences", [])).delete()
    Shift.objects.bulk_create(Shift(plan=plan, **_times(row)) for row in before.get("shifts", []))
    ExtraPeople.objects.bulk_create(ExtraPeople(plan=plan, **_times(row)) for row in before.get("extra", []))
    for name, value in before.get("terms", {}).items():
        setattr(plan, name, value)


def _times(row: dict[str, Any]) -> dict[str, Any]:
    ends = {name: datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at")}
    return row | ends
