"""How care tells: in the customer's story where there is a customer, to open pages alone where there is none."""

from collections.abc import Iterable
from datetime import datetime

from tellonce.kernel.cards import mask_cards
from tellonce.modules.care.models import Case, Contact, Promise
from tellonce.modules.record import story
from tellonce.modules.record.contracts import About, Direction, MomentData, Told
from tellonce.modules.staff.contracts import Actor

ARRIVALS = "arrivals"


def typed(words: str) -> str:
    """What somebody typed, as it may be kept: without card numbers and outer blanks."""
    return mask_cards(words).strip()


def topics_for(
    *, person_id: int | None = None, team_id: int | None = None, department_id: int | None = None
) -> list[str]:
    """The live topics of those who are concerned."""
    pairs = (("person", person_id), ("team", team_id), ("department", department_id))
    return [f"{name}:{pk}" for name, pk in pairs if pk is not None]


def tell_of_contact(
    contact: Contact,
    what: MomentData,
    *,
    by: Actor,
    at: datetime,
    words: str = "",
    direction: str = Direction.INSIDE,
    topics: Iterable[str] = (),
) -> None:
    """Tells a moment of a contact; one that is not matched yet is only announced, and told once it is matched."""
    if contact.customer_id is None:
        if named := list(topics):
            story.announce(topics=named, kind=what.kind, at=at, body={"contact_id": contact.pk})
        return
    story.tell(
        Told(
            customer_id=contact.customer_id,
            what=what,
            at=at,
            by=by,
            words=words,
            channel=contact.channel,
            direction=direction,
            about=About("contact", contact.pk, contact_id=contact.pk, matter_id=contact.matter_id),
            topics=tuple(topics),
        )
    )


def tell_of_case(
    case: Case,
    what: MomentData,
    *,
    by: Actor,
    at: datetime,
    words: str = "",
    contact_id: int | None = None,
    topics: Iterable[str] = (),
) -> None:
    """Tells a moment of a case; one between departments without a customer is announced to its owner and asker."""
    named = {
        f"case:{case.pk}",
        *topics_for(person_id=case.owner_person_id, team_id=case.owner_team_id, department_id=case.owner_department_id),
        *topics_for(department_id=case.asked_by_id),
        *topics,
    }
    if case.customer_id is None:
        _keep_words(case, words, by=by)
        story.announce(topics=sorted(named), kind=what.kind, at=at, body={"case_id": case.pk})
        return
    story.tell(
        Told(
            customer_id=case.customer_id,
            what=what,
            at=at,
            by=by,
            words=words,
            about=About("case", case.pk, contact_id=contact_id, case_id=case.pk, matter_id=case.matter_id),
            topics=tuple(sorted(named)),
        )
    )


def _keep_words(case: Case, words: str, *, by: Actor) -> None:
    """Between departments no customer's story holds what was written; the case does."""
    if words:
        case.words = f"{case.words}\n\n{by.name}: {words}".strip()
        case.save(update_fields=["words"])


def tell_of_promise(promise: Promise, what: MomentData, *, by: Actor, at: datetime, words: str = "") -> None:
    """Tells a moment of a promise, in the story of its customer or of its case's customer."""
    named = [
        *topics_for(
            person_id=promise.owner_person_id, team_id=promise.owner_team_id, department_id=promise.to_department_id
        ),
        *([f"case:{promise.case_id}"] if promise.case_id else []),
    ]
    customer_id = promise.customer_id or (promise.case.customer_id if promise.case else None)
    if customer_id is None:
        if words:
            promise.last_words = words
            promise.save(update_fields=["last_words"])
        story.announce(topics=named, kind=what.kind, at=at, body={"promise_id": promise.pk})
        return
    story.tell(
        Told(
            customer_id=customer_id,
            what=what,
            at=at,
            by=by,
            words=words,
            about=About("promise", promise.pk, contact_id=promise.contact_id, case_id=promise.case_id),
            topics=tuple(named),
        )
    )
