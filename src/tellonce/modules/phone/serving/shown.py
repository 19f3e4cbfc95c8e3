"""What pages see of the floor, kept as rows; and the word to open pages that it has changed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg

from tellonce.live.wire import CHANNEL, payloads
from tellonce.live.wire import Event as LiveEvent
from tellonce.modules.phone.contracts import FLOOR
from tellonce.switchboard.contacts import Tally
from tellonce.switchboard.decisions import Form, WaitTold
from tellonce.switchboard.facts import NOBODY
from tellonce.switchboard.showing import ContactShown, PersonShown, Shown

Cursor = psycopg.Cursor[tuple[Any, ...]]

_CONTACT = """
INSERT INTO phone_livecontact (id, channel, stage, queue_code, person_id, customer_id, number, entered_at, since,
    told_form, told_low_min, told_high_min, told_until, is_callback, is_held, efforts, consult, parent, note, story,
    recording, listener_id, whispers, unanswered_by_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '', 0, 0, NULL, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (id) DO UPDATE SET stage = excluded.stage, queue_code = excluded.queue_code,
    person_id = excluded.person_id, entered_at = excluded.entered_at, since = excluded.since,
    is_callback = excluded.is_callback, is_held = excluded.is_held, efforts = excluded.efforts,
    consult = excluded.consult, parent = excluded.parent, note = excluded.note, story = excluded.story,
    recording = excluded.recording, listener_id = excluded.listener_id, whispers = excluded.whispers,
    unanswered_by_id = excluded.unanswered_by_id
"""
_PERSON = """
INSERT INTO phone_liveperson (person_id, state, wished, reason, since, ringing, wrap_until)
SELECT id, %s, %s, %s, %s, %s, %s FROM staff_person WHERE id = %s
ON CONFLICT (person_id) DO UPDATE SET state = excluded.state, wished = excluded.wished, reason = excluded.reason,
    since = excluded.since, ringing = excluded.ringing, wrap_until = excluded.wrap_until
"""
_ACTED = """
UPDATE phone_liveperson SET refused = %s WHERE person_id = %s AND refused <> %s
"""
_TOLD = """
UPDATE phone_livecontact SET told_form = %s, told_low_min = %s, told_high_min = %s, told_until = %s WHERE id = %s
"""

_QUEUE = """
INSERT INTO phone_livequeue (code, entered, waiting, answered, abandoned, callback) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (code) DO UPDATE SET entered = excluded.entered, waiting = excluded.waiting, answered = excluded.answered,
    abandoned = excluded.abandoned, callback = excluded.callback
"""


def show(cursor: Cursor, shown: Shown) -> None:
    """Writes what has changed, in the cursor's transaction, and lets open pages know when it is committed."""
    if shown.is_all:
        cursor.execute(
            "DELETE FROM phone_livecontact WHERE NOT id = ANY(%s)", ([c.contact.id for c in shown.contacts],)
        )
        cursor.execute(
            "DELETE FROM phone_liveperson WHERE NOT person_id = ANY(%s)", ([p.person for p in shown.people],)
        )
        cursor.execute("DELETE FROM phone_livequeue WHERE NOT code = ANY(%s)", ([code for code, _ in shown.tallies],))
    cursor.executemany(_CONTACT, [_contact_row(each) for each in shown.contacts])
    cursor.executemany(_PERSON, [_person_row(each) for each in shown.people])
    cursor.executemany(_TOLD, [_told_row(each) for each in shown.told])
    cursor.executemany(_ACTED, [(why, person, why) for person, why in shown.acted])
    cursor.executemany(_QUEUE, [_queue_row(code, tally) for code, tally in shown.tallies])
    if shown.over:
        cursor.execute("DELETE FROM phone_livecontact WHERE id = ANY(%s)", (list(shown.over),))
    if shown.gone:
        cursor.execute("DELETE FROM phone_liveperson WHERE person_id = ANY(%s)", (list(shown.gone),))
    for payload in payloads(_news(shown)):
        cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))


def _contact_row(shown: ContactShown) -> tuple[Any, ...]:
    each = shown.contact
    person = None if each.person == NOBODY else each.person
    return (
        each.id, each.channel, each.stage, each.queue, person, each.customer, each.number, _time(each.entered),
        _time(shown.since), each.is_callback, each.is_held, each.efforts, each.consult, each.parent, each.note,
        each.story, each.recording, None if each.listener == NOBODY else each.listener, each.whispers,
        None if each.unanswered_by == NOBODY else each.unanswered_by,
    )  # fmt: skip


def _person_row(person: PersonShown) -> tuple[Any, ...]:
    until = _time(person.wrap_until) if person.wrap_until else None
    return person.state, person.wished, person.reason, _time(person.since), person.ringing, until, person.person


def _queue_row(code: str, tally: Tally) -> tuple[Any, ...]:
    return code, tally.entered, tally.waiting, tally.answered, tally.abandoned, tally.callback


def _told_row(told: WaitTold) -> tuple[Any, ...]:
    has_end = told.form not in {Form.NOT_KNOWN, Form.MORE_THAN}
    until = _time(told.at + told.high_min * 60.0) if has_end else None  # as it was said, not as it was estimated
    return told.form, told.low_min, told.high_min, until, told.contact


def _news(shown: Shown) -> Iterator[LiveEvent]:
    """The floor hears that something changed, each person that their own phone did."""
    if shown.contacts or shown.over or shown.people or shown.told:
        yield LiveEvent((FLOOR,), "phone.floor_changed", {})
    mine = {each.person for each in shown.people} | {each.contact.person for each in shown.contacts}
    mine |= {person for person, _why in shown.acted}
    for person in sorted(mine - {NOBODY}):
        yield LiveEvent((f"person:{person}",), "phone.mine_changed", {})


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
