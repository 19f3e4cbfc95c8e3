"""What somebody does with their phone. Each asks the switchboard, which answers a moment later on every page."""

import os
from datetime import datetime

from django.utils.translation import gettext

from tellonce.kernel.ids import RANDOM_BYTES, uuid7
from tellonce.modules.phone.actions.asking import ask_switchboard
from tellonce.modules.phone.contracts import NotOnPhoneError, OnPhone, PauseReason
from tellonce.modules.phone.queries.mine import my_phone
from tellonce.switchboard.facts import (
    NOBODY,
    Answered,
    ConsultAsked,
    ConsultEnded,
    Fact,
    Finished,
    Held,
    NotAnswered,
    PersonSet,
    PickUpAsked,
    Presence,
    RecordingPaused,
    RecordingResumed,
    Resumed,
    TransferAsked,
    TransferDone,
    WrappedUp,
)

_LONGEST_LINE = 500


def set_presence(*, person_id: int, presence: Presence, at: datetime, reason: str = "") -> None:
    """Available, paused (for a reason) or away; what is in hand is finished first."""
    if presence is Presence.PAUSED and reason not in PauseReason.values:
        reason = PauseReason.BREAK
    _ask(PersonSet(at.timestamp(), person_id, presence, reason if presence is Presence.PAUSED else ""), at)


def answer(*, person_id: int, contact: str, at: datetime) -> None:
    """Takes what rings. NotOnPhoneError when it does no more."""
    _ringing(person_id, contact)
    _ask(Answered(at.timestamp(), contact, person_id), at)


def pick_up(*, person_id: int, contact: str, at: datetime) -> None:
    """Their phone, which rings, picks up by itself. NotOnPhoneError when it rings no more."""
    _ringing(person_id, contact)
    _ask(PickUpAsked(at.timestamp(), contact, person_id), at)


def decline(*, person_id: int, contact: str, at: datetime) -> None:
    """Lets it go to somebody else: they have missed nothing, and it is not offered to them again at once."""
    _ringing(person_id, contact)
    _ask(NotAnswered(at.timestamp(), contact, person_id, is_miss=False), at)


def finish(*, person_id: int, contact: str, at: datetime) -> None:
    """Hangs up."""
    _mine(person_id, contact)
    _ask(Finished(at.timestamp(), contact, person_id), at)


def hold(*, person_id: int, contact: str, at: datetime) -> None:
    """The customer hears music."""
    _mine(person_id, contact)
    _ask(Held(at.timestamp(), contact, person_id), at)


def resume(*, person_id: int, contact: str, at: datetime) -> None:
    """The customer is back; a colleague who was asked is let go."""
    talking = _mine(person_id, contact)
    fact = ConsultEnded if talking.consult else Resumed
    _ask(fact(at.timestamp(), contact, person_id), at)


def pause_recording(*, person_id: int, contact: str, at: datetime, is_for_good: bool = False) -> None:
    """Nothing is recorded while a card number is spoken, or any more where the customer wishes none."""
    _mine(person_id, contact)
    _ask(RecordingPaused(at.timestamp(), contact, person_id, is_for_good), at)


def refuse_recording(*, person_id: int, contact: str, at: datetime) -> None:
    """The customer wishes no recording."""
    pause_recording(person_id=person_id, contact=contact, at=at, is_for_good=True)


def go_on_recording(*, person_id: int, contact: str, at: datetime) -> None:
    """What is said is recorded again."""
    _mine(person_id, contact)
    _ask(RecordingResumed(at.timestamp(), contact, person_id), at)


def end_wrap_up(*, person_id: int, at: datetime) -> None:
    """Ready for the next."""
    _ask(WrappedUp(at.timestamp(), person_id), at)


def pass_on(*, person_id: int, contact: str, line: str, at: datetime, queue: str = "", colleague: int = NOBODY) -> None:
    """Passes the caller on at once, with the story and a written line."""
    _mine(person_id, contact)
    _ask(TransferAsked(at.timestamp(), contact, person_id, _line(line), queue, colleague), at)


def ask_colleague(
    *, person_id: int, contact: str, line: str, at: datetime, queue: str = "", colleague: int = NOBODY
) -> None:
    """Holds the caller, and asks a colleague or whoever the queue finds."""
    _mine(person_id, contact)
    leg = uuid7(at=at, random=os.urandom(RANDOM_BYTES)).hex
    _ask(ConsultAsked(at.timestamp(), contact, person_id, leg, _line(line), queue, colleague), at)


def hand_to_asked(*, person_id: int, contact: str, at: datetime) -> None:
    """Leaves the caller with the colleague who was asked."""
    _mine(person_id, contact)
    _ask(TransferDone(at.timestamp(), contact, person_id), at)


def _line(line: str) -> str:
    words = " ".join(line.split())
    if not words:
        raise NotOnPhoneError(gettext("Write one line that the next person must know."))
    return words[:_LONGEST_LINE]


def _ringing(person_id: int, contact: str) -> None:
    phone = my_phone(person_id)
    if phone is None or phone.ringing is None or phone.ringing.contact != contact:
        raise NotOnPhoneError(gettext("It does not ring any more: the caller is gone, or somebody else has them."))


def _mine(person_id: int, contact: str) -> OnPhone:
    phone = my_phone(person_id)
    found = next((each for each in phone.talking if each.contact == contact), None) if phone else None
    if found is None:
        raise NotOnPhoneError(gettext("That call is over, or somebody else has it."))
    return found


def _ask(fact: Fact, at: datetime) -> None:
    ask_switchboard(fact=fact, at=at)
