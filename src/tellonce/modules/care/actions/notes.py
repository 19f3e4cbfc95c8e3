"""Notes among ourselves, and letters to the customer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.care.actions.telling import typed
from tellonce.modules.care.contracts import MessageWritten, MissingWordsError, NoteAdded
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Channel, Direction, Told
from tellonce.modules.staff.contracts import Actor


@transaction.atomic
def add_note(
    *,
    customer_id: int,
    words: str,
    by: Actor,
    at: datetime,
    contact_id: int | None = None,
    case_id: int | None = None,
) -> UUID:
    """An internal note in the customer's story; returns the moment's id."""
    kept = typed(words)
    if not kept:
        raise MissingWordsError(gettext("The note is empty."))
    about = About("note", contact_id=contact_id, case_id=case_id)
    topics = (f"case:{case_id}",) if case_id is not None else ()
    return story.tell(
        Told(customer_id=customer_id, what=NoteAdded(), at=at, by=by, words=kept, about=about, topics=topics)
    )


@transaction.atomic
def write_customer(
    *,
    customer_id: int,
    subject: str,
    words: str,
    by: Actor,
    at: datetime,
    case_id: int | None = None,
    contact_id: int | None = None,
) -> UUID:
    """A mail to the customer, sent by `channels`; returns the moment's id. "Told" is said of it on delivery only."""
    kept = typed(words)
    if not kept:
        raise MissingWordsError(gettext("The letter is empty."))
    return story.tell(
        Told(
            customer_id=customer_id,
            what=MessageWritten(typed(subject)[:300]),
            at=at,
            by=by,
            words=kept,
            channel=Channel.MAIL,
            direction=Direction.TO,
            about=About("message", contact_id=contact_id, case_id=case_id),
            topics=(f"case:{case_id}",) if case_id is not None else (),
        )
    )
