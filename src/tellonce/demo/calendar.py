"""When made-up people get in touch: local hours and weekdays by the published curves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tellonce.demo import rates
from tellonce.demo.provider import REGIONS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_OPENS, _SATURDAY, _SUNDAY = 9.0, 5, 6


@dataclass(frozen=True, slots=True)
class Span:
    """The history's days: `first` is a UTC midnight, `now` the days since it, `offsets` hours of each region's day."""

    first: datetime
    now: float
    offsets: Floats

    def moment(self, day: float) -> datetime:
        """The time at `day`, to the second."""
        return self.first + timedelta(seconds=round(day * 86_400))

    def local(self, day: Floats, region: Ints) -> Floats:
        """Local days (their fraction is the hour on the wall) of UTC days."""
        return day + self.offset(day, region)

    def offset(self, day: Floats, region: Ints) -> Floats:
        """What a region's clock is ahead of UTC, in days: of the local day, so right but for the night of a change."""
        local_day = np.floor(day + self.offsets[region, 0] / 24.0).astype(np.int64)
        row = np.clip(local_day, 0, self.offsets.shape[1] - 1)
        ahead: Floats = self.offsets[region, row] / 24.0
        return ahead


def span_until(now: datetime) -> Span:
    """The two years that end at `now`."""
    utc = now.astimezone(UTC)
    return span_from((utc - timedelta(days=rates.DAYS)).replace(hour=0, minute=0, second=0, microsecond=0), now)


def span_from(first: datetime, now: datetime) -> Span:
    """The days from the midnight `first` to `now`."""
    lasts = (now - first).total_seconds() / 86_400
    zones = [ZoneInfo(region.time_zone) for region in REGIONS]
    noons = [first + timedelta(days=d, hours=12) for d in range(int(lasts) + 30)]
    seconds = [[(noon.astimezone(zone).utcoffset() or timedelta()).total_seconds() for noon in noons] for zone in zones]
    return Span(first=first, now=lasts, offsets=np.array(seconds) / 3600.0)


def human_time(rng: np.random.Generator, span: Span, day: Floats, region: Ints) -> Floats:
    """For each time at which somebody has reason to get in touch, when they do: awake, and rather on a working day."""
    local = span.local(day, region)
    first = np.floor(local)
    clock = first + _hours(rng, rates.WORKDAY_HOURS, len(day)) / 24
    date = first + (clock < local)
    today = np.array(_got_in_touch_today())
    waiting = np.arange(len(date))
    while len(waiting):
        weekday = (date[waiting].astype(np.int64) + span.first.weekday()) % 7
        waiting = waiting[rng.random(len(waiting)) > today[weekday]]
        date[waiting] += 1
    weekday = (date.astype(np.int64) + span.first.weekday()) % 7
    later = np.where(
        weekday < _SATURDAY, _hours(rng, rates.WORKDAY_HOURS, len(date)), _hours(rng, rates.WEEKEND_HOURS, len(date))
    )
    return np.where(date == first, clock, date + later / 24.0) - span.offset(day, region)


def _got_in_touch_today() -> tuple[float, ...]:
    """By weekday, the share of those with reason to get in touch, since then or earlier, who do it that day.

    Reasons come alike on every day. What the weekend leaves is spread over the week so that each day comes to its
    level, and Friday leaves nothing.
    """
    mean = sum(rates.WEEKDAY_LEVEL) / len(rates.WEEKDAY_LEVEL)
    left, shares = 0.0, dict.fromkeys(range(len(rates.WEEKDAY_LEVEL)), 1.0)
    for weekday in (_SATURDAY, _SUNDAY, 0, 1, 2, 3, 4):
        come = rates.WEEKDAY_LEVEL[weekday] / mean
        shares[weekday] = min(1.0, come / (1.0 + left))
        left += 1.0 - come
    return tuple(shares.values())


def office_time(rng: np.random.Generator, span: Span, day: Floats, region: Ints, *, closes: float = 18.0) -> Floats:
    """The times that lie in working hours, Monday to Saturday from nine, as they are; a later one for the others."""
    local = span.local(day, region)
    date, hour = np.floor(local), local % 1.0 * 24
    first_weekday = span.first.weekday()
    is_over = hour > closes
    is_sunday = (date.astype(np.int64) + is_over + first_weekday) % 7 == _SUNDAY
    waits = is_over | is_sunday | (hour < _OPENS)
    moved = date + is_over + is_sunday + (_OPENS + rng.beta(1.0, 2.0, len(day)) * (closes - _OPENS)) / 24
    shifted: Floats = np.where(waits, np.maximum(moved - span.offset(day, region), day), day)
    return shifted


def half_hour(day: Floats) -> Floats:
    """The full or half hour at or before each time."""
    return np.floor(day * 48 + 1e-6) / 48


def awake(span: Span, day: Floats, region: Ints) -> Floats:
    """How many are awake at each time, as a share of the busiest hour."""
    hour = ((span.local(day, region) % 1.0) * 24).astype(np.int64)
    curve = np.array(rates.WORKDAY_HOURS)
    return np.minimum(1.0, curve[hour] / 0.05)


def crowded(span: Span, day: Floats, region: Ints) -> Floats:
    """By how much waits at each time are longer than usual: by hour and weekday, 1 for the usual call."""
    local = span.local(day, region)
    weekday = (np.floor(local).astype(np.int64) + span.first.weekday()) % 7
    hour = (local % 1.0 * 24).astype(np.int64)
    curve, level = np.array(rates.WORKDAY_HOURS), np.array(rates.WEEKDAY_LEVEL)
    usual = (curve**2).sum() / curve.sum() * (level**2).sum() / level.sum()
    factor: Floats = np.exp(rates.BUSY_WAITS * (curve[hour] * level[weekday] - usual) / curve.max())
    return factor


def level_at(span: Span, day: float) -> float:
    """How much of the busiest hour's traffic the whole provider has at `day`."""
    one = np.array([day])
    total = 0.0
    for number, region in enumerate(REGIONS):
        local = float(span.local(one, np.array([number]))[0])
        weekday = (int(np.floor(local)) + span.first.weekday()) % 7
        curve = rates.WORKDAY_HOURS if weekday < 5 else rates.WEEKEND_HOURS
        total += region.share * curve[int(local % 1.0 * 24)] * rates.WEEKDAY_LEVEL[weekday]
    return total / max(rates.WORKDAY_HOURS)


def _hours(rng: np.random.Generator, curve: tuple[float, ...], n: int) -> Floats:
    share = np.array(curve)
    hour = rng.choice(24, n, p=share / share.sum())
    return hour + rng.random(n)
