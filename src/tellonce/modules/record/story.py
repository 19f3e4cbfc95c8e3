"""The story of a customer: one function to tell, one to read. Append-only; every module writes through `tell`."""

import itertools
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tellonce.kernel.ids import RANDOM_BYTES, uuid7
from tellonce.modules.record.contracts import MESSAGE, SEND_BY, DeliveryState, Direction, Told, as_json
from tellonce.modules.record.copying import copy_lines, copy_rows, escaped
from tellonce.modules.record.models import Delivery, Moment, OutboxRow

_told_here = itertools.count()
_NONE = "\\N"
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
COLUMNS = (
    "customer_id",
    "id",
    "at",
    "kind",
    "channel",
    "direction",
    "by_kind",
    "by_id",
    "by_name",
    "team_id",
    "site_id",
    "partner_id",
    "about",
    "about_id",
    "contact_id",
    "case_id",
    "matter_id",
    "data",
    "words",
    "corrects",
    "import_id",
)

_INSERT_MOMENT = f"INSERT INTO record_moment ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608 -- names only
_INSERT_OUTBOX = (
    "INSERT INTO record_outboxrow (topics, kind, customer_id, moment_id, body, written_at)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)


def _random_in_order() -> bytes:
    """Randomness whose leading twelve bits count up, so that moments told for one instant keep their order."""
    return (next(_told_here) & 0xFFF).to_bytes(2, "big") + os.urandom(RANDOM_BYTES - 2)


def _row(told: Told) -> tuple[Any, ...]:
    by, about = told.by, told.about
    return (
        told.customer_id,
        uuid7(at=told.at, random=_random_in_order()),
        told.at,
        told.what.kind,
        told.channel,
        told.direction,
        by.kind,
        by.id,
        by.name,
        by.team_id,
        by.site_id,
        by.partner_id,
        about.about,
        about.about_id,
        about.contact_id,
        about.case_id,
        about.matter_id,
        as_json(told.what),
        told.words,
        told.corrects,
        told.import_id,
    )


def _line(row: tuple[Any, ...]) -> str:
    """A moment in COPY's text format: most of its fields hold nothing that has to be escaped."""
    customer_id, pk, at, kind, channel, direction, by_kind, by_id, by_name, *ids, data, words, corrects, import_id = row
    team_id, site_id, partner_id, about, about_id, contact_id, case_id, matter_id = ids
    numbers = [_NONE if number is None else number for number in (about_id, contact_id, case_id, matter_id)]
    people = [_NONE if number is None else number for number in (by_id, team_id, site_id, partner_id)]
    return (
        f"{customer_id}\t{pk}\t{at.isoformat()}\t{kind}\t{channel!s}\t{direction!s}\t{by_kind!s}\t{people[0]}"
        f"\t{escaped(by_name)}\t{people[1]}\t{people[2]}\t{people[3]}\t{about}\t{numbers[0]}\t{numbers[1]}"
        f"\t{numbers[2]}\t{numbers[3]}\t{escaped(_dumps(data))}\t{escaped(words)}\t{corrects or _NONE}"
        f"\t{_NONE if import_id is None else import_id}"
    )


def is_message(told: Told) -> bool:
    """Whether it is a message that `channels` sends, and not a call that we made."""
    return told.direction == Direction.TO and told.about.about == MESSAGE


def moment_of(told: Told) -> Moment:
    """The row of a moment that is about to be told; its id is ordered by the time it happened."""
    return Moment(**dict(zip(COLUMNS, _row(told), strict=True)))


@transaction.atomic(savepoint=False)
def tell(told: Told) -> UUID:
    """Appends one moment and its outbox row in the caller's transaction; returns the moment's id.

    A message (about MESSAGE, direction *to the customer*) gets a delivery state, which `channels` moves on; a call
    that we made goes to the customer too, but is delivered by being made.
    """
    row = _row(told)
    moment_id: UUID = row[1]
    sends = is_message(told)
    topics = [f"customer:{told.customer_id}", *told.topics]
    body = _dumps({SEND_BY: told.channel} if sends else {})
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_MOMENT, [_dumps(value) if isinstance(value, dict) else value for value in row])
        cursor.execute(_INSERT_OUTBOX, [topics, told.what.kind, told.customer_id, moment_id, body, told.at])
    if sends:
        Delivery.objects.create(
            customer_id=told.customer_id, moment_id=moment_id, state=DeliveryState.WAITING, at=told.at
        )
    return moment_id


@transaction.atomic
def load(many: Iterable[Told], *, delivery: DeliveryState | None = None) -> int:
    """Appends moments by COPY without outbox rows, for imports and made-up history; returns how many.

    Messages to customers get `delivery` as their state when it is given, and none otherwise.
    """
    sent: list[tuple[int, UUID, str, datetime]] = []

    def lines() -> Iterator[str]:
        for told in many:
            row = _row(told)
            if delivery is not None and is_message(told):
                sent.append((told.customer_id, row[1], delivery, told.at))
            yield _line(row)

    count = copy_lines("record_moment", COLUMNS, lines())
    if sent:
        copy_rows(
            "record_delivery", ("customer_id", "moment_id", "state", "at", "detail"), ((*row, "") for row in sent)
        )
    return count


def tell_anew(moments: Sequence[Sequence[Any]], *, import_id: int | None) -> dict[UUID, UUID]:
    """Moments (rows of COLUMNS) once more, with their own time and words, as of this import; old ids to new ones."""
    news: dict[UUID, UUID] = {}

    def lines() -> Iterator[str]:
        for customer_id, old, at, *rest in moments:
            news[old] = uuid7(at=at, random=_random_in_order())
            yield _line((customer_id, news[old], at, *rest[:-1], import_id))

    copy_lines("record_moment", COLUMNS, lines())
    return news


def tell_many(many: Iterable[Told]) -> int:
    """Appends moments in bulk, without outbox rows; returns how many."""
    return load(many)


@transaction.atomic(savepoint=False)
def tell_each(many: Sequence[Told]) -> None:
    """Appends moments and their outbox rows, as `tell` does one by one; none of them a message."""
    rows = [_row(told) for told in many]
    copy_lines("record_moment", COLUMNS, (_line(row) for row in rows))
    copy_rows(
        "record_outboxrow",
        ("topics", "kind", "customer_id", "moment_id", "body", "written_at"),
        (
            ([f"customer:{told.customer_id}", *told.topics], told.what.kind, told.customer_id, row[1], {}, told.at)
            for told, row in zip(many, rows, strict=True)
        ),
    )


def announce(*, topics: Sequence[str], kind: str, at: datetime, body: dict[str, Any] | None = None) -> None:
    """Lets open pages know of something that is no moment of a customer (ids only), by the same outbox."""
    OutboxRow.objects.create(topics=list(topics), kind=kind, body=body or {}, written_at=at)


def mark_delivery(*, customer_id: int, moment_id: UUID, state: DeliveryState, at: datetime, detail: str = "") -> None:
    """Moves a message's delivery state on, and lets open pages know."""
    Delivery.objects.update_or_create(
        customer_id=customer_id, moment_id=moment_id, defaults={"state": state, "at": at, "detail": detail[:300]}
    )
    announce(topics=[f"customer:{customer_id}"], kind="record.delivery_changed", at=at)
