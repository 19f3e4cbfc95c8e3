"""What pages saw last, told to a switchboard that can read neither its board nor its journal any more."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from tellonce.switchboard.facts import Arrived, CallbackPromised, Fact, PersonSet, Presence
from tellonce.switchboard.settings import Channel

log = logging.getLogger(__name__)

Connection = psycopg.Connection[tuple[Any, ...]]

_PEOPLE = "SELECT person_id, wished, reason FROM phone_liveperson WHERE wished <> 'away' ORDER BY since, person_id"
_CALLS = """
SELECT live.id, queue_code, number, extract(epoch FROM entered_at)::float8, live.customer_id,
    coalesce(promised.promise_id::text, ''), story
FROM phone_livecontact live LEFT JOIN phone_promisedcallback promised ON promised.contact = live.id
WHERE channel = 'call' AND parent = '' AND number <> '' AND queue_code <> '' AND (is_callback OR stage <> 'front')
ORDER BY entered_at, live.id
"""
_WRITTEN = """
SELECT id, channel, queue_code, number, customer_id, efforts, story FROM phone_livecontact
WHERE channel <> 'call' AND parent = '' ORDER BY entered_at, id
"""
_FORGOTTEN = """
SELECT contact FROM phone_promisedcallback promised
WHERE over_at IS NULL AND NOT EXISTS (SELECT FROM phone_livecontact WHERE id = promised.contact AND number <> '')
    AND NOT EXISTS (SELECT FROM phone_asked WHERE data->>'contact' = promised.contact)
ORDER BY contact
"""


def facts_left(connection: Connection) -> Sequence[Fact]:
    """People as they wished to be, callbacks with their place, chats, texts and mails; times are the switchboard's."""
    facts = [*_people(connection), *_calls(connection), *_written(connection)]
    if lost := [contact for (contact,) in connection.execute(_FORGOTTEN)]:
        log.error("switchboard.promised_callbacks_lost", extra={"contacts": lost})
    return facts


def _people(connection: Connection) -> Iterator[Fact]:
    for person, wished, reason in connection.execute(_PEOPLE):
        yield PersonSet(0.0, person, Presence(wished), reason)


def _calls(connection: Connection) -> Iterator[Fact]:
    """Who was on the line is called back, as after every start."""
    for contact, queue, number, entered, customer, promise, story in connection.execute(_CALLS):
        yield CallbackPromised(0.0, contact, queue, number, entered, customer, promise, story)


def _written(connection: Connection) -> Iterator[Fact]:
    for contact, channel, queue, number, customer, efforts, story in connection.execute(_WRITTEN):
        yield Arrived(
            0.0, contact, Channel(channel), queue=queue, number=number, customer=customer, efforts=efforts, story=story
        )
