"""What happened on the phone becomes contacts and call records, each event once, in the order of the journal."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from django.db import transaction

from tellonce.kernel.errors import DomainError
from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Contact
from tellonce.modules.phone.actions.calls import load_calls
from tellonce.modules.phone.contracts import CallOutcome, NewCall
from tellonce.modules.phone.models import Filed, JournalEvent, Queue
from tellonce.modules.record.contracts import Channel as RecordChannel
from tellonce.modules.record.contracts import Direction
from tellonce.modules.staff.contracts import SYSTEM, Actor
from tellonce.modules.staff.queries import person
from tellonce.switchboard.codec import decode
from tellonce.switchboard.decisions import Outcome
from tellonce.switchboard.settings import Channel
from tellonce.switchboard.trails import Holding, Trail, trail_of

log = logging.getLogger(__name__)

SOURCE: Final = "switchboard"
_AT_ONCE = 200
_OUTCOMES: Final = {Outcome.LEFT_MENU: CallOutcome.LEFT_MENU, Outcome.INFORMED: CallOutcome.SOLVED_IN_MENU}


@transaction.atomic
def file_events() -> int:
    """Files the next events; returns how many. Two at once wait for each other; a kill files none of them."""
    filed, _made = Filed.objects.select_for_update().get_or_create(pk=1)
    rows = list(JournalEvent.objects.filter(pk__gt=filed.event_id).order_by("pk")[:_AT_ONCE])
    for row in rows:
        if row.kind in _FILES:
            _file(row)
    if rows:
        filed.event_id = rows[-1].pk
        filed.save(update_fields=["event_id"])
    return len(rows)


def _file(row: JournalEvent) -> None:
    """One event; what cannot be filed is left out and said, so that it holds nobody up."""
    trail = _trail(row)
    if trail.channel != Channel.CALL:
        return
    try:
        with transaction.atomic():
            _FILES[row.kind](trail)
    except DomainError:
        log.exception("phone.not_filed", extra={"event": row.pk, "kind": row.kind})


def _trail(row: JournalEvent) -> Trail:
    events = JournalEvent.objects.filter(contact=row.contact, pk__lte=row.pk).order_by("pk")
    return trail_of(row.contact, (decode(kind, data) for kind, data in events.values_list("kind", "data")))


def _begun(trail: Trail) -> Contact:
    """The contact in the story, since it asked for a person; made when somebody answers, or when it is over.

    Before that it would stand among those that anybody may take.
    """
    return care.begin_contact(
        channel=RecordChannel.CALL,
        at=_time(trail.entered_at or trail.arrived_at),
        by=SYSTEM,
        customer_id=trail.customer or None,
        direction=Direction.TO if trail.is_ours else Direction.FROM,
        reached_from=trail.number,
        source=SOURCE,
        external_id=trail.contact,
        announce=False,
    )


def _answered(trail: Trail) -> None:
    """Who has the call has the contact; whoever had it before has passed it on, with their line."""
    contact, now = _begun(trail), trail.holders[-1]
    by, at = _actor(now.person), _time(now.at)
    if len(trail.holders) < 2 or trail.holders[-2].person == now.person:  # noqa: PLR2004 -- somebody before
        care.take_contact(contact_id=contact.pk, by=by, at=at)
        return
    passed = _passed(contact, trail.holders[-2], now, at=at)
    care.take_over(hand_over_id=passed, by=by, at=at)


def _passed(contact: Contact, before: Holding, now: Holding, *, at: datetime) -> int:
    line = now.line or "…"
    handed = care.hand_over(by=_actor(before.person), at=at, line=line, contact_id=contact.pk, to_person_id=now.person)
    return handed.pk


def _ended(trail: Trail) -> None:
    """The call's record; a contact that nobody had is over, one that somebody had they end themselves."""
    known = _begun(trail) if trail.entered_at and trail.outcome is not Outcome.CAME_BACK else None
    if known is not None and not trail.holders:
        care.end_contact(contact_id=known.pk, by=SYSTEM, at=_time(trail.ended_at))
    queue = Queue.objects.filter(code=trail.queue).first() if trail.queue else Queue.objects.order_by("pk").first()
    if queue is not None and trail.outcome is not Outcome.CAME_BACK:
        load_calls([_record(trail, queue, known)], by=SYSTEM, at=_time(trail.ended_at))


def _record(trail: Trail, queue: Queue, contact: Contact | None) -> NewCall:
    asked = trail.entered_at or None
    if trail.holders:
        outcome = CallOutcome.ANSWERED
    elif asked:
        outcome = CallOutcome.ABANDONED
    else:
        outcome = _OUTCOMES.get(trail.outcome or Outcome.LOST, CallOutcome.LEFT_MENU)
    over = trail.answered_at or trail.ended_at
    return NewCall(
        queue_id=queue.pk,
        arrived_at=_time(min(trail.arrived_at, asked or trail.arrived_at)),
        outcome=outcome,
        source=SOURCE,
        external_id=trail.contact,
        customer_id=trail.customer,
        contact_id=contact.pk if contact else None,
        priority=queue.priority,
        queued_at=_time(asked) if asked else None,
        wait_s=max(round(over - asked), 0) if asked else None,
        handle_s=max(round(trail.ended_at - trail.answered_at), 0) if trail.holders else None,
        answered_by_id=trail.holders[0].person if trail.holders else None,
        transfers=trail.transfers,
    )


def _actor(person_id: int) -> Actor:
    return person(person_id).as_actor()


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_FILES: Final[dict[str, Callable[[Trail], object]]] = {
    "Answered": lambda trail: _answered(trail) if trail.holders else None,
    "DialAnswered": _answered,
    "Transferred": _answered,
    "Ended": _ended,
}
