"""Flags: what everyone must know before they act."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.record import story
from tellonce.modules.record.actions.customers import customer_to_change
from tellonce.modules.record.contracts import (
    About,
    AlreadyEndedError,
    BadRecordError,
    FlagEnded,
    FlagKind,
    FlagSet,
    NotOfRecordError,
    TakenError,
    Told,
)
from tellonce.modules.record.models import Flag
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def set_flag(
    *, customer_id: int, kind: str, reason: str, by: Actor, at: datetime, until: datetime | None = None
) -> Flag:
    """A flag with its reason, perhaps until some time; the same flag does not stand twice."""
    customer = customer_to_change(customer_id)
    flag = new_flag(customer_id=customer.pk, kind=kind, reason=reason, since=at, until=until, by=by)
    if any(one.until is None or one.until > at for one in Flag.objects.filter(customer=customer, kind=kind)):
        raise TakenError(gettext("This flag is set already."))
    flag.save(force_insert=True)
    story.tell(flag_set(flag, by=by, at=at))
    return flag


def new_flag(*, customer_id: int, kind: str, reason: str, since: datetime, until: datetime | None, by: Actor) -> Flag:
    """A flag that is not saved yet."""
    if kind not in FlagKind.values:
        raise BadRecordError(gettext("There is no flag %(kind)s.") % {"kind": kind})
    if not reason.strip():
        raise BadRecordError(gettext("A flag needs a reason."))
    if until is not None and until <= since:
        raise BadRecordError(gettext("A flag ends after it begins."))
    return Flag(
        customer_id=customer_id,
        kind=kind,
        reason=reason.strip(),
        since=since,
        until=until,
        set_by_id=by.id,
        set_by_name=by.name,
    )


def flag_set(flag: Flag, *, by: Actor, at: datetime) -> Told:
    """What is told of a new flag."""
    what = FlagSet(flag_id=flag.pk, flag=flag.kind, reason=flag.reason)
    return Told(customer_id=flag.customer_id, what=what, at=at, by=by, about=About("flag", flag.pk))


@transaction.atomic
def end_flag(*, flag_id: int, by: Actor, at: datetime, words: str = "") -> Flag:
    """The flag holds no longer."""
    flag = Flag.objects.select_for_update().filter(pk=flag_id).first()
    if flag is None:
        raise NotOfRecordError(gettext("There is no such flag."))
    if flag.until is not None and flag.until <= at:
        raise AlreadyEndedError(gettext("This flag has ended already."))
    flag.until = at
    flag.save(update_fields=["until"])
    what = FlagEnded(flag_id=flag.pk, flag=flag.kind)
    story.tell(Told(customer_id=flag.customer_id, what=what, at=at, by=by, about=About("flag", flag.pk), words=words))
    return flag
