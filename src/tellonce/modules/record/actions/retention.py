"""Things that are kept for a while only."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from tellonce.modules.record import queries
from tellonce.modules.record.actions.providers import expirers
from tellonce.modules.record.contracts import BadRecordError, RetentionKind
from tellonce.modules.record.models import Moment, RetentionPeriod
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def set_retention(*, kind: str, days: int, by: Actor, at: datetime) -> RetentionPeriod:
    """Keeps `kind` for so many days from now on; the next nightly run deletes what is older. Who set it is kept."""
    if kind not in RetentionKind.values or days < 1:
        raise BadRecordError(gettext("A retention period is at least one day, of a kind that there is."))
    before = queries.retention_days().get(kind)
    if before == days:
        return RetentionPeriod(kind=kind, days=days)
    period, _is_new = RetentionPeriod.objects.update_or_create(kind=kind, defaults={"days": days})
    was = {"days": before} if before is not None else {}
    staff.note_change(what="changed", about=period, by=by, at=at, before=was, after={"days": days})
    return period


def apply_retention(*, at: datetime) -> dict[str, int]:
    """Deletes what is older than its period, in every module, a transaction each; how many of each kind."""
    gone: dict[str, int] = {}
    for kind, days in queries.retention_days().items():
        before = at - timedelta(days=days)
        gone[kind] = sum(module.expire(kind=kind, before=before) for module in expirers())
    return gone


@transaction.atomic
def expire(*, kind: str, before: datetime) -> int:
    """The words of moments (their typed data stay) and the access log, as far as they are older than `before`."""
    if kind == RetentionKind.ACCESS_LOG:
        return staff.forget_old_entries(before=before)
    if kind != RetentionKind.BODIES:
        return 0
    return Moment.objects.filter(~Q(words=""), at__lt=before).update(words="", erased_at=before)
