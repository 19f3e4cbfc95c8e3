"""Chats, texts and mails that wait in queues: contacts of care, which the switchboard offers to people."""

from tellonce.modules.care import queries as care
from tellonce.modules.care.contracts import ContactNotFoundError, ContactState
from tellonce.modules.care.models import Contact
from tellonce.modules.phone.models import LiveContact
from tellonce.switchboard.contacts import Stage
from tellonce.switchboard.settings import Channel

WRITTEN = (Channel.CHAT, Channel.TEXT, Channel.MAIL)
"""What is offered besides calls."""

_STORY, _NAME = "contact:", "care-"


def name_of(contact_id: int) -> str:
    """What the switchboard calls it."""
    return f"{_NAME}{contact_id}"


def story_of(contact_id: int) -> str:
    """The reference that the switchboard carries along."""
    return f"{_STORY}{contact_id}"


def id_in(story: str) -> int | None:
    """The contact that a reference names; None for a call's."""
    kind, _colon, number = story.partition(":")
    return int(number) if f"{kind}:" == _STORY and number.isdecimal() else None


def contact_of(story: str) -> Contact:
    """That contact; ContactNotFoundError."""
    found = care.contact_row(id_in(story) or 0)
    if found is None:
        raise ContactNotFoundError(story)
    return found


def taken_elsewhere() -> frozenset[str]:
    """Those in the switchboard that are over, or in the hands of somebody whom it did not give them to."""
    live = {
        number: (name, stage, person)
        for name, stage, person, story in LiveContact.objects.filter(channel__in=WRITTEN).values_list(
            "pk", "stage", "person_id", "story"
        )
        if (number := id_in(story)) is not None
    }
    stand = care.where_contacts_stand(live) if live else {}
    return frozenset(
        name for number, (name, stage, person) in live.items() if _is_elsewhere(stand.get(number), stage, person)
    )


def _is_elsewhere(stand: tuple[str, int | None] | None, stage: str, person: int | None) -> bool:
    if stand is None or stand[0] == ContactState.ENDED:
        return True
    is_ours = stage == Stage.TALKING and person == stand[1]
    return stand[0] == ContactState.IN_HAND and not is_ours
