"""What happened on the phone becomes contacts and call records, each event once, in the order of the journal."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from tellonce.modules.care import actions as care
from tellonce.modules.care.contracts import ContactEndedError, ContactTakenError
from tellonce.modules.care.models import Contact
from tellonce.modules.phone.actions.calls import load_calls
from tellonce.modules.phone.contracts import CallOutcome, NewCall
from tellonce.modules.phone.models import Filed, JournalEvent, Queue
from tellonce.modules.phone.queries.filed import SOURCE, name_again
from tellonce.modules.phone.queries.written import contact_of, id_in
from tellonce.modules.phone.serving.callbacks import end_callback, keep_call_promise
from tellonce.modules.phone.serving.news import note_wish, tell_news
from tellonce.modules.phone.serving.promises import keep_told_waits, note_told
from tellonce.modules.record.contracts import Channel as RecordChannel
from tellonce.modules.record.contracts import Direction
from tellonce.modules.staff.contracts import SYSTEM, Actor
from tellonce.modules.staff.queries import person
from tellonce.switchboard.codec import decode
from tellonce.switchboard.decisions import Outcome
from tellonce.switchboard.folding import Event
from tellonce.switchboard.settings import Channel
from tellonce.switchboard.trails import Holding, Trail, trail_of

log = logging.getLogger(__name__)

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
    """One event; its told wait is kept though its contact may not be."""
    with _left_out(row):
        events = _events(row)
        with _left_out(row):
            keep_told_waits(events)
        _file_trail(row.kind, trail_of(row.contact, events))


@contextmanager
def _left_out(row: JournalEvent) -> Iterator[None]:
    """What cannot be filed is left out and said, so that it holds nobody up.

    A database that is gone or busy is another matter: then all of them are tried again.
    """
    try:
        with transaction.atomic():
            yield
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError as error:  # without its trace: what the database says may hold numbers
        said = {"event": row.pk, "kind": row.kind, "error": type(error).__name__}
        log.error("phone.not_filed", extra=said)  # noqa: TRY400
    except Exception:
        log.exception("phone.not_filed", extra={"event": row.pk, "kind": row.kind})


def _file_trail(kind: str, trail: Trail) -> None:
    if trail.channel in {Channel.CALL, ""}:
        files = _FILES
    elif id_in(trail.story) is not None:
        files = _WRITTEN
    else:
        return  # one that is no contact of the story
    file = files.get(kind)
    if file is not None:
        file(trail)


def _events(row: JournalEvent) -> list[Event]:
    """The contact's own, up to this one."""
    events = JournalEvent.objects.filter(contact=row.contact, pk__lte=row.pk).order_by("pk")
    return [decode(kind, data) for kind, data in events.values_list("kind", "data")]


def _begun(trail: Trail) -> Contact:
    """The contact in the story, since it asked for a person; made when somebody answers, or when it is over.

    Before that it would stand among those that anybody may take. A chat, text or mail is there already.
    """
    if trail.channel not in {Channel.CALL, ""}:
        return contact_of(trail.story)
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


def _begun_again(trail: Trail, *, at: datetime) -> Contact:
    """Whoever had the call has ended the contact already, as when the line broke: what follows is one of its own."""
    return care.begin_contact(
        channel=RecordChannel.CALL,
        at=at,
        by=SYSTEM,
        customer_id=trail.customer or None,
        direction=Direction.TO if trail.dialled_at else Direction.FROM,
        reached_from=trail.number,
        source=SOURCE,
        external_id=name_again(trail.contact, trail.transfers),
        announce=False,
    )


def _answered(trail: Trail) -> None:
    """Who has the call has the contact; whoever had it before has passed it on, with their line."""
    contact, now = _begun(trail), trail.holders[-1]
    by, at = _actor(now.person), _time(now.at)
    if contact.ended_at is not None and trail.channel == Channel.CALL:
        care.take_contact(contact_id=_begun_again(trail, at=at).pk, by=by, at=at)
        return
    if len(trail.holders) < 2 or trail.holders[-2].person == now.person:  # noqa: PLR2004 -- somebody before
        care.take_contact(contact_id=contact.pk, by=by, at=at)
        note_told(trail, contact.pk, over_at=now.at)
        return
    passed = _passed(contact, trail.holders[-2], now, at=at)
    care.take_over(hand_over_id=passed, by=by, at=at)


def _passed(contact: Contact, before: Holding, now: Holding, *, at: datetime) -> int:
    line = now.line or "…"
    handed = care.hand_over(by=_actor(before.person), at=at, line=line, contact_id=contact.pk, to_person_id=now.person)
    return handed.pk


def _ended(trail: Trail) -> None:
    """The call's record; a contact that nobody had is over, one that somebody had they end themselves."""
    came_to_us = trail.is_turned_away or (trail.entered_at and trail.outcome is not Outcome.CAME_BACK)
    known = _begun(trail) if came_to_us else None
    if known is not None and not trail.holders:
        note_told(trail, known.pk, over_at=trail.ended_at)
        care.end_contact(contact_id=known.pk, by=SYSTEM, at=_time(trail.ended_at))
    queue = Queue.objects.filter(code=trail.queue).first() if trail.queue else Queue.objects.order_by("pk").first()
    if queue is not None and trail.outcome is not Outcome.CAME_BACK:
        load_calls([_record(trail, queue, known)], by=SYSTEM, at=_time(trail.ended_at))


def _callback_ended(trail: Trail) -> None:
    """One that reached the customer became a call; of another what became of it is kept."""
    if trail.holders:
        _ended(trail)
    end_callback(trail, at=_time(trail.ended_at))


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


def _left(trail: Trail) -> None:
    """The customer has gone, and nobody had it."""
    if trail.outcome is Outcome.ABANDONED and not trail.holders:
        care.end_contact(contact_id=contact_of(trail.story).pk, by=SYSTEM, at=_time(trail.ended_at))


def _written_answered(trail: Trail) -> None:
    """Somebody may have taken it from the list just before, or ended it: the switchboard hears of that in a moment."""
    if trail.holders:
        with suppress(ContactTakenError, ContactEndedError):
            _answered(trail)


_WRITTEN: Final[dict[str, Callable[[Trail], object]]] = {
    "Answered": _written_answered,
    "Ended": _left,
}
_FILES: Final[dict[str, Callable[[Trail], object]]] = {
    "Answered": lambda trail: None if trail.is_callback else _answered(trail),
    "DialAnswered": _answered,
    "Transferred": _answered,
    "Dialled": lambda trail: keep_call_promise(trail, by=_actor(trail.rung), at=_time(trail.dialled_at)),
    "Ended": lambda trail: _callback_ended(trail) if trail.is_ours else _ended(trail),
    "NewsWanted": lambda trail: note_wish(trail, at=_time(trail.news_wanted_at)),
    "NewsOwed": lambda trail: tell_news(trail, at=_time(trail.news_owed_at)),
}
