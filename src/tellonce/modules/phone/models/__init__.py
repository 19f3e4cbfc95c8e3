"""What the phone keeps."""

from tellonce.modules.phone.models.calls import (
    Call,
)
from tellonce.modules.phone.models.follow_ups import (
    FollowUp,
)
from tellonce.modules.phone.models.promised_callbacks import (
    CallbackEnd,
    PromisedCallback,
)
from tellonce.modules.phone.models.queues import (
    BrowserPhone,
    DeskPhone,
    Entry,
    Queue,
    Skill,
)
from tellonce.modules.phone.models.recordings import (
    Recording,
)
from tellonce.modules.phone.models.rules import (
    RoutingRules,
)
from tellonce.modules.phone.models.switchboard import (
    Asked,
    Checkpoint,
    Filed,
    JournalEvent,
    LiveContact,
    LivePerson,
    LiveQueue,
)
from tellonce.modules.phone.models.told_waits import (
    WaitPromise,
)

__all__ = [
    "Asked",
    "BrowserPhone",
    "Call",
    "CallbackEnd",
    "Checkpoint",
    "DeskPhone",
    "Entry",
    "Filed",
    "FollowUp",
    "JournalEvent",
    "LiveContact",
    "LivePerson",
    "LiveQueue",
    "PromisedCallback",
    "Queue",
    "Recording",
    "RoutingRules",
    "Skill",
    "WaitPromise",
]
