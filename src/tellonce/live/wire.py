"""What the relay says to the live process by NOTIFY, and how both sides write and read it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

CHANNEL = "tellonce_live"
SIGNED_OUT = "signed_out"
PAYLOAD_BYTES = 7_900


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened: who may hear of it (`topics`), its kind, and ids; never words of anybody."""

    topics: tuple[str, ...]
    kind: str
    ids: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class SignOut:
    """A session is over; `session` is what tickets call it. Said as {"signed_out": "…"}."""

    session: str


def payloads(events: Iterable[Event]) -> Iterator[str]:
    """The events as few NOTIFY payloads as fit; PostgreSQL refuses one of 8,000 bytes or more."""
    parts: list[str] = []
    size = 0
    for text in _texts(events):
        if parts and size + len(text) + 1 > PAYLOAD_BYTES:
            yield f"[{','.join(parts)}]"
            parts, size = [], 0
        parts.append(text)
        size += len(text) + 1
    if parts:
        yield f"[{','.join(parts)}]"


def _texts(events: Iterable[Event]) -> Iterator[str]:
    """Each event as ASCII JSON; one with too many topics for a payload is said in several."""
    for event in events:
        text = json.dumps([event.topics, event.kind, dict(event.ids)], separators=(",", ":"))
        if len(text) + 2 <= PAYLOAD_BYTES:
            yield text
        elif len(event.topics) > 1:
            middle = len(event.topics) // 2
            halves = (event.topics[:middle], event.topics[middle:])
            yield from _texts(Event(topics=half, kind=event.kind, ids=event.ids) for half in halves)


def read_payload(payload: str) -> list[Event] | SignOut:
    """The events of one payload, or the session that signed out; ValueError when it is neither."""
    said = json.loads(payload)
    try:
        if isinstance(said, dict):
            return SignOut(session=str(said[SIGNED_OUT]))
        return [Event(topics=tuple(topics), kind=kind, ids=dict(ids)) for topics, kind, ids in said]
    except (TypeError, KeyError) as error:
        raise ValueError("This payload has another shape.") from error
