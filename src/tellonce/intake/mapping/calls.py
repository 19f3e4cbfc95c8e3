"""Rows of a call log to calls, by a mapping: what the file leaves out follows from what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from tellonce.intake.mapping.compiling import Header
from tellonce.intake.mapping.model import Mapping
from tellonce.intake.mapping.parts import Fields, Unfit, compile_part
from tellonce.intake.mapping.transforms import UnfitError
from tellonce.modules.phone.contracts import CallOutcome

CLOCK, NOBODY = "clock", "nobody"
_DAY, _HALF_A_DAY = timedelta(days=1), timedelta(hours=12)
_ANSWERED, _OTHER = CallOutcome.ANSWERED.value, CallOutcome.OTHER.value
_ASKED_FOR_SOMEBODY = frozenset({_ANSWERED, CallOutcome.ABANDONED.value})
_LATER = ("queued_at", "answered_at", "ended_at")
_WHO = ("queue", "matter", "customer_external_id", "account_number")


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call as the file tells it (`fields` of NewCall), and how its queue, matter and customer are named there.

    `put_right` says what was amiss: CLOCK, the menu ended before it began; NOBODY, a call that nobody answered has a
    person or a time with one.
    """

    external_id: str
    fields: Fields
    queue: str = ""
    matter: str = ""
    customer_external_id: str = ""
    account_number: str = ""
    put_right: tuple[str, ...] = ()


class CallShape:
    """Makes a call of a row."""

    def __init__(self, mapping: Mapping, header: Header) -> None:
        assert mapping.call is not None
        self._take = compile_part(mapping.call, header)

    def __call__(self, row: Sequence[str], unfit: Unfit) -> CallSeen | None:
        """The call of this row; None, with what does not fit collected, where it cannot be made."""
        fields = self._take(row, unfit) or {}
        if unfit:
            return None
        who = {name: fields.pop(name) for name in _WHO if name in fields}
        if "caller_code" in fields:
            fields["caller_code"] = str(fields["caller_code"])
        put_right = _put_times_in_order(fields)
        _measure(fields, unfit)
        put_right += _leave_out_nobody(fields)
        return None if unfit else CallSeen(fields.pop("external_id"), fields, put_right=put_right, **who)


def _put_times_in_order(fields: Fields) -> tuple[str, ...]:
    """Times of day after midnight are of the next day; only who asked for a person has a time at which they did."""
    arrived_at = fields["arrived_at"] = fields["arrived_at"].astimezone(UTC)
    for name in _LATER:
        if name in fields:
            later = fields[name].astimezone(UTC)
            fields[name] = later if later > arrived_at - _HALF_A_DAY else later + _DAY
    if fields["outcome"] in _ASKED_FOR_SOMEBODY:
        fields.setdefault("queued_at", arrived_at + timedelta(seconds=fields.get("menu_s", 0)))
    elif fields["outcome"] != _OTHER:
        fields.pop("queued_at", None)
    if fields.get("queued_at", arrived_at) >= arrived_at:
        return ()
    fields["arrived_at"] = fields["queued_at"]
    fields.pop("menu_s", None)
    return (CLOCK,)


def _measure(fields: Fields, unfit: Unfit) -> None:
    """How long it waited and was talked to, from times where no seconds are given."""
    answered_at, ended_at = fields.pop("answered_at", None), fields.pop("ended_at", None)
    if "queued_at" not in fields:
        fields.pop("wait_s", None)
        return
    is_answered = fields["outcome"] == _ANSWERED
    waited_until = answered_at if is_answered else ended_at
    if "wait_s" not in fields and waited_until is not None:
        fields["wait_s"] = _seconds(fields["queued_at"], waited_until)
    if is_answered and "handle_s" not in fields and answered_at is not None and ended_at is not None:
        fields["handle_s"] = _seconds(answered_at, ended_at)
    if "wait_s" not in fields:
        unfit.append(
            UnfitError(
                _("How long the call waited is not told."),
                _('Map "wait_s", or the times from which it follows.'),
                column="wait_s",
            )
        )
    elif min(fields["wait_s"], fields.get("handle_s", 0)) < 0:
        unfit.append(UnfitError(_("It ends before it begins."), _("Correct the times."), column="answered_at"))


def _leave_out_nobody(fields: Fields) -> tuple[str, ...]:
    if fields["outcome"] == _ANSWERED:
        return ()
    left_out = [fields.pop(name, None) for name in ("handle_s", "person_code")]
    return (NOBODY,) if any(left_out) else ()


def _seconds(begins: datetime, ends: datetime) -> int:
    return round((ends - begins).total_seconds())
