"""Call records in bulk, by COPY: a second run of the same calls changes nothing."""

import os
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from django.db import connection, transaction
from django.utils.translation import gettext, gettext_noop

from tellonce.kernel.ids import RANDOM_BYTES, uuid7
from tellonce.modules.phone.contracts import OUTCOMES, BadCallError, CallOutcome, CallsLoaded, NewCall
from tellonce.modules.phone.models import Call
from tellonce.modules.record.copying import copy_rows, table_of
from tellonce.modules.staff.contracts import Actor

_SAID = (
    "customer_id",
    "queue_id",
    "source",
    "external_id",
    "contact_id",
    "matter_id",
    "caller_code",
    "service_code",
    "priority",
    "arrived_at",
    "queued_at",
    "menu_s",
    "wait_s",
    "handle_s",
    "outcome",
    "answered_by_id",
    "person_code",
    "transfers",
)
_said = attrgetter(*_SAID)
_OUTCOMES = frozenset(OUTCOMES)
_ANSWERED, _OTHER = CallOutcome.ANSWERED.value, CallOutcome.OTHER.value
_IN_QUEUE = frozenset({_ANSWERED, CallOutcome.ABANDONED.value})
_RULES = (
    gettext_noop("nobody knows its outcome."),
    gettext_noop("it needs both the time at which it asked for a person and its wait, or neither."),
    gettext_noop("it asked for a person before it arrived."),
    gettext_noop("its outcome and its wait do not fit together."),
    gettext_noop("nobody answered it, so nobody had it."),
    gettext_noop("a number is below zero."),
)


@transaction.atomic
def load_calls(calls: Sequence[NewCall], *, by: Actor, at: datetime, import_id: int | None = None) -> CallsLoaded:
    """Adds calls that are over. One whose (source, external_id) is here already stays as it is: what is over is over.

    BadCallError where a call cannot be (see NewCall): all are added or none.
    """
    for call in calls:
        _refuse_bad(call)
    known = _known(calls)
    new: dict[tuple[str, str] | int, NewCall] = {}
    for number, call in enumerate(calls):
        key = (call.source, call.external_id)
        if key not in known:
            new.setdefault(key if call.external_id else number, call)
    copy_rows(
        table_of(Call),
        ("id", *_SAID, "import_id"),
        (
            (uuid7(at=call.arrived_at, random=os.urandom(RANDOM_BYTES)), *_said(call), import_id)
            for call in new.values()
        ),
    )
    return CallsLoaded(added=len(new), unchanged=len(calls) - len(new))


@transaction.atomic
def remove_calls_of(*, import_id: int, by: Actor, at: datetime) -> int:
    """Takes away the calls that an import brought; how many. The same file brings them again."""
    removed, _of_each = Call.objects.filter(import_id=import_id).delete()
    return removed


def _known(calls: Sequence[NewCall]) -> set[tuple[str, str]]:
    """Which of these calls are here already; two loads of one source at once wait for each other."""
    ids: dict[str, list[str]] = {}
    for call in calls:
        if call.external_id:
            ids.setdefault(call.source, []).append(call.external_id)
    known: set[tuple[str, str]] = set()
    for source in sorted(ids):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"phone_call:{source}"])
        there = Call.objects.filter(source=source, external_id__in=ids[source])
        known.update((source, external_id) for external_id in there.values_list("external_id", flat=True))
    return known


def _refuse_bad(call: NewCall) -> None:
    """BadCallError with the first rule that the call breaks; quick for all those that break none."""
    is_queued = call.queued_at is not None
    is_handled = call.handle_s is not None or call.answered_by_id is not None or call.person_code != ""
    broken = (
        call.outcome not in _OUTCOMES,
        is_queued != (call.wait_s is not None),
        call.queued_at is not None and call.queued_at < call.arrived_at,
        call.outcome != _OTHER and is_queued != (call.outcome in _IN_QUEUE),
        is_handled and call.outcome != _ANSWERED,
        min(call.menu_s or 0, call.wait_s or 0, call.handle_s or 0, call.transfers, call.customer_id) < 0,
    )
    if any(broken):
        why = gettext(_RULES[broken.index(True)])
        raise BadCallError(gettext("Call %(id)s: %(why)s") % {"id": call.external_id or call.arrived_at, "why": why})
