"""The moments of a contact that happened already: told in bulk with their own times, when loaded or matched."""

from collections.abc import Iterable, Iterator

from tellonce.modules.care.actions.contacts import contact_began, contact_ended
from tellonce.modules.care.contracts import ToldAgain
from tellonce.modules.care.models import Contact
from tellonce.modules.record.contracts import About, Direction, Told
from tellonce.modules.staff.contracts import Actor, ActorKind


def moments_of_contacts(contacts: Iterable[Contact], *, by: Actor) -> Iterator[Told]:
    """What matched contacts tell, with their own times; `by` stands for those of whom nobody knows who took them."""
    for contact in contacts:
        if contact.customer_id is not None:
            yield from _moments(contact, contact.customer_id, by)


def taker(contact: Contact, by: Actor) -> Actor:
    """Who took the contact, as of then; `by` when nobody did or nobody knows."""
    if not contact.taken_by_name:
        return by
    return Actor(
        ActorKind.PERSON,
        contact.taken_by_name,
        contact.taken_by_id,
        contact.team_id_then,
        contact.site_id_then,
        contact.partner_id_then,
    )


def _moments(contact: Contact, customer_id: int, by: Actor) -> Iterator[Told]:
    about = About("contact", contact.pk, contact_id=contact.pk, matter_id=contact.matter_id)
    took = taker(contact, by)
    from_customer = contact.direction == Direction.FROM
    yield Told(
        customer_id=customer_id,
        what=contact_began(contact),
        at=contact.began_at,
        by=Actor(ActorKind.CUSTOMER, contact.said_name) if from_customer else took,
        words=contact.said,
        channel=contact.channel,
        direction=contact.direction,
        about=about,
        import_id=contact.import_id,
    )
    if contact.told_again_at is not None:
        yield Told(
            customer_id=customer_id,
            what=ToldAgain(contact.pk),
            at=contact.told_again_at,
            by=took,
            channel=contact.channel,
            about=about,
            import_id=contact.import_id,
        )
    if contact.ended_at is not None:
        yield Told(
            customer_id=customer_id,
            what=contact_ended(contact),
            at=contact.ended_at,
            by=took,
            words=contact.note,
            channel=contact.channel,
            about=about,
            import_id=contact.import_id,
        )
