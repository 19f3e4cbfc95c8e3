"""A chat, text or mail is given to a queue: it is offered to people as calls are, beside other things they have."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ContactState
from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.contracts import QueueNotFoundError
from tellonce.modules.phone.queries.queues import queue_by_code
from tellonce.modules.phone.queries.written import WRITTEN, name_of, story_of
from tellonce.switchboard.facts import Arrived


@transaction.atomic
def queue_contact(*, contact_id: int, queue: str, at: datetime) -> bool:
    """Offers a contact that waits to the people of a queue; False for one that cannot be (a call, one in hand).

    Whoever takes it from the list of those who wait takes it out of the queue. QueueNotFoundError.
    """
    found = queue_by_code(queue)
    if not found.is_open:
        raise QueueNotFoundError(gettext("The queue %(name)s takes no calls any more.") % {"name": found.name})
    contact = care.contact(contact_id)
    if contact.state != ContactState.WAITING or contact.channel not in WRITTEN:
        return False
    # Without its number: a text must not take the place of a callback to the same number.
    arrived = Arrived(
        at.timestamp(), name_of(contact.id), channel=WRITTEN[WRITTEN.index(contact.channel)], queue=found.code,
        customer=contact.customer_id or 0, story=story_of(contact.id),
    )  # fmt: skip
    ask_switchboard(fact=arrived, at=at)
    return True
