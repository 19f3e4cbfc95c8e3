"""A time as it is spoken: which day, seen from now, and the clock to the next five minutes."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

_STEP_S = 300.0
_SAME_S = 1.0
"""A time that is less than this past a full five minutes is that time: seconds since 1970 are no whole numbers."""


@dataclass(frozen=True, slots=True)
class Moment:
    """`days` from today, and the clock; midnight belongs to the day that it ends."""

    days: int
    date: date
    hour: int
    minute: int


def moment(time: float, *, now: float, zone: tzinfo) -> Moment:
    """The time (seconds since 1970) for somebody who hears it now, never earlier than it is."""
    rounded = math.ceil((time - _SAME_S) / _STEP_S) * _STEP_S
    then = datetime.fromtimestamp(rounded, zone)
    is_midnight = then.hour == 0 and then.minute == 0
    day = then.date() - timedelta(days=1) if is_midnight else then.date()
    days = (day - datetime.fromtimestamp(now, zone).date()).days
    return Moment(days, day, then.hour, then.minute)
