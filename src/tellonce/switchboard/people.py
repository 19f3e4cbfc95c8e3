"""Somebody who answers, as the engine sees them."""

from dataclasses import dataclass, field

from tellonce.switchboard.facts import Presence
from tellonce.switchboard.settings import WHOLE


@dataclass(slots=True)
class Person:
    """What a person wishes, and what they have.

    Attributes:
        group: place of their group, -1 if they are no member any more.
        contacts: what they have or are offered, with what each takes of them.
        ringing: the contact that is offered to them.
        is_wrapping: after a contact that took them whole.
        missed: contacts in a row that they did not answer.
        began: when the contact that takes them whole was offered.
        listens: the call that they hear as a supervisor; nothing is offered to them meanwhile.
    """

    person: int
    group: int
    presence: Presence = Presence.AWAY
    reason: str = ""
    contacts: dict[str, int] = field(default_factory=dict)
    ringing: str = ""
    is_wrapping: bool = False
    missed: int = 0
    began: float = 0.0
    listens: str = ""

    @property
    def room(self) -> int:
        """What may be offered to them now, of WHOLE."""
        is_there = self.presence is Presence.AVAILABLE and self.group >= 0
        if not is_there or self.is_wrapping or self.ringing or self.listens:
            return 0
        return WHOLE - sum(self.contacts.values())

    @property
    def state(self) -> str:
        """In a word: on_contact, wrapping_up, listening, or what they wish to be."""
        if self.contacts:
            return "on_contact"
        if self.is_wrapping:
            return "wrapping_up"
        return "listening" if self.listens else str(self.presence)
