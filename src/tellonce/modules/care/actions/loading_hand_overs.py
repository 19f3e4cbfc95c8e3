"""Hand-overs that happened already, in bulk by COPY, with what they tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tellonce.kernel.cards import mask_cards
from tellonce.modules.care.contracts import HandedOver, Loaded, TakenOver
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Told
from tellonce.modules.record.copying import copy_rows, next_ids
from tellonce.modules.staff.contracts import Actor

_TABLE = "care_handover"
_COLUMNS = (
    "id", "contact_id", "case_id", "customer_id", "from_person_id", "to_person_id", "to_team_id", "to_department_id",
    "line", "at", "taken_at", "taken_by_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewHandOver:
    """A contact that one person passed to a team, where another took it; both as they were then."""

    customer_id: int
    contact_id: int
    giver: Actor
    to_team_id: int
    to_name: str
    line: str
    at: datetime
    taker: Actor
    taken_at: datetime


@transaction.atomic
def load_hand_overs(hand_overs: Sequence[NewHandOver]) -> Loaded:
    """Adds hand-overs and tells them with their own times; `ids` are in the order given."""
    ids = next_ids(_TABLE, len(hand_overs))
    pairs = list(zip(ids, hand_overs, strict=True))
    copy_rows(_TABLE, _COLUMNS, (_row(pk, each) for pk, each in pairs))
    story.load(told for pk, each in pairs for told in _told(pk, each))
    return Loaded(ids=tuple(ids), added=len(ids))


def _row(pk: int, each: NewHandOver) -> tuple[object, ...]:
    return (
        *(pk, each.contact_id, None, each.customer_id, each.giver.id, None, each.to_team_id, None),
        *(mask_cards(each.line)[:500], each.at, each.taken_at, each.taker.id),
    )


def _told(pk: int, each: NewHandOver) -> Iterator[Told]:
    about = About("hand_over", pk, contact_id=each.contact_id)
    handed, taken = HandedOver(pk, each.to_name), TakenOver(pk, each.taker.name)
    line = mask_cards(each.line)[:500]
    yield Told(customer_id=each.customer_id, what=handed, at=each.at, by=each.giver, words=line, about=about)
    yield Told(customer_id=each.customer_id, what=taken, at=each.taken_at, by=each.taker, about=about)
