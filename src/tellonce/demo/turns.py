"""What may happen in a made-up call between hello and goodbye: it is held, passed on, or the line breaks."""

import random
from datetime import datetime
from typing import Final

from tellonce.demo.calls import other_queue
from tellonce.modules.phone.models import LiveContact
from tellonce.switchboard.facts import Fact, Held, LineLost, Resumed, TransferAsked

_HELD: Final = 0.12
_PASSED_ON: Final = 0.05
_BROKEN: Final = 0.02
_HELD_S: Final = (25.0, 50.0)
_PASSED_ON_S: Final = (40.0, 55.0)  # where that is refused, they talk on
_BROKEN_AFTER_S: Final = 45.0
_LINES: Final = (
    "Checked the account and the address; needs the other desk.",
    "Not ours: they know what it is about, please go on from there.",
    "Has told me everything; the story has it.",
)


def turn_in(contact: LiveContact, *, at: datetime, pace: float) -> Fact | None:
    """What happens now in the call that somebody has, if anything; the same call with the same person has one fate."""
    assert contact.person_id is not None
    fate = random.Random(f"{contact.id} {contact.person_id}")
    draw, talked_s, now = fate.random(), (at - contact.since).total_seconds() * pace, at.timestamp()
    if draw < _HELD:
        return _hold(contact, talked_s, now)
    draw -= _HELD
    if draw < _PASSED_ON:
        line, queue = fate.choice(_LINES), other_queue(contact.queue_code)
        is_time = _PASSED_ON_S[0] < talked_s < _PASSED_ON_S[1] and queue and not contact.note
        return TransferAsked(now, contact.id, contact.person_id, line, queue=queue) if is_time else None
    draw -= _PASSED_ON
    return LineLost(now, contact.id) if draw < _BROKEN and talked_s > _BROKEN_AFTER_S else None


def _hold(contact: LiveContact, talked_s: float, now: float) -> Fact | None:
    assert contact.person_id is not None
    if contact.is_held and talked_s > _HELD_S[1]:
        return Resumed(now, contact.id, contact.person_id)
    if not contact.is_held and _HELD_S[0] < talked_s < _HELD_S[1]:
        return Held(now, contact.id, contact.person_id)
    return None
