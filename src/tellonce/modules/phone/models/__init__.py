"""What the phone keeps."""

from tellonce.modules.phone.models.calls import Call
from tellonce.modules.phone.models.follow_ups import FollowUp
from tellonce.modules.phone.models.queues import DeskPhone, Entry, Queue, Skill
from tellonce.modules.phone.models.recordings import Recording
from tellonce.modules.phone.models.switchboard import Asked, Checkpoint, Filed, JournalEvent, LiveContact, LivePerson

__all__ = [
    "Asked",
    "Call",
    "Checkpoint",
    "DeskPhone",
    "Entry",
    "Filed",
    "FollowUp",
    "JournalEvent",
    "LiveContact",
    "LivePerson",
    "Queue",
    "Recording",
    "Skill",
]
