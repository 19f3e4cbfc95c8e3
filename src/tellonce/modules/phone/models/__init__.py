"""What the phone keeps."""

from tellonce.modules.phone.models.calls import Call
from tellonce.modules.phone.models.queues import Entry, Queue, Skill
from tellonce.modules.phone.models.switchboard import Asked, Checkpoint, JournalEvent, LiveContact, LivePerson

__all__ = ["Asked", "Call", "Checkpoint", "Entry", "JournalEvent", "LiveContact", "LivePerson", "Queue", "Skill"]
