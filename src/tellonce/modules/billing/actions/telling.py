"""How billing tells: in the customer's story, to open pages, to the billing system, and to the customer in writing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation

from tellonce.kernel.cards import mask_cards
from tellonce.modules.billing.models import BillingOrder
from tellonce.modules.care import actions as care
from tellonce.modules.record import queries as record
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, CustomerNotFoundError, Direction, MomentData, Told
from tellonce.modules.staff.contracts import Actor

BILLS = "bills"
"""The topic of everybody who looks at bills."""


def typed(words: str) -> str:
    """What somebody typed, as it may be kept: without card numbers, outer blanks and NUL."""
    return mask_cards(words.replace("\0", "")).strip()


def told(
    customer_id: int,
    what: MomentData,
    *,
    by: Actor,
    at: datetime,
    about: tuple[str, int],
    case_id: int | None = None,
    contact_id: int | None = None,
    words: str = "",
    direction: str = Direction.INSIDE,
) -> Told:
    """A moment of billing, to be told."""
    topics = (BILLS, *((f"case:{case_id}",) if case_id is not None else ()))
    return Told(
        customer_id=customer_id,
        what=what,
        at=at,
        by=by,
        words=words,
        direction=direction,
        about=About(*about, contact_id=contact_id, case_id=case_id),
        topics=topics,
    )


def tell(customer_id: int, what: MomentData, **more: Any) -> None:
    """Tells a moment of billing; see `told`."""
    story.tell(told(customer_id, what, **more))


def write(
    customer_id: int,
    letter: Callable[[], tuple[str, str]],
    *,
    by: Actor,
    at: datetime,
    case_id: int | None = None,
    contact_id: int | None = None,
) -> UUID | None:
    """Writes to the customer; `letter` gives subject and words, and is asked in the customer's language.

    Returns the letter's moment; a customer whose import was undone is nobody to write to.
    """
    try:
        languages = record.customer(customer_id).languages
    except CustomerNotFoundError:
        return None
    with translation.override(next(iter(languages), None) or translation.get_language()):
        subject, words = letter()
    return care.write_customer(
        customer_id=customer_id, subject=subject, words=words, by=by, at=at, case_id=case_id, contact_id=contact_id
    )


def order(*, kind: str, key: str, customer_id: int, account_id: int, at: datetime, body: Mapping[str, Any]) -> None:
    """Asks the billing system for something, once for each key."""
    asked = BillingOrder(
        kind=kind, key=key, customer_id=customer_id, account_id=account_id, body=dict(body), written_at=at
    )
    BillingOrder.objects.bulk_create([asked], ignore_conflicts=True)
    story.announce(topics=[BILLS], kind="billing.order_written", at=at)
