"""Who of the made-up colleagues is at work when: shifts by site, days off, holidays, and the first day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from tellonce.demo.calendar import Bools, Floats, Ints, Span
from tellonce.demo.provider import REGIONS, SITES

HOLIDAYS: Final = ((1, 1, "New Year"), (7, 4, "Independence Day"), (12, 25, "Christmas Day"))
# Early and late shift of a site that closes at night, of a site that never does, and the night's: hours on the wall.
_EARLY, _LATE, _SATURDAY, _NIGHT = (7.0, 15.5), (12.5, 21.0), (8.0, 18.0), (21.0, 7.0)
_SATURDAY_NUMBER, _SUNDAY = 5, 6
_HOLIDAY_EVERY_WEEKS: Final = 17


@dataclass(frozen=True, slots=True)
class Shift:
    """How somebody works: their site, whether by day or by night, their place in the team, their first day."""

    site: str
    is_night: bool
    place: int
    since: float = 0.0


def closed_days(first: date, years: int = 5) -> tuple[date, ...]:
    """The holidays on which sites of our own are closed."""
    return tuple(date(first.year + year, month, day) for year in range(years) for month, day, _ in HOLIDAYS)


def at_work(span: Span, shifts: Sequence[Shift], day: Floats) -> Bools:
    """(people, times): who is at work at each time."""
    if not shifts:
        return np.zeros((0, len(day)), dtype=bool)
    return np.stack([_is_at_work(span, shift, day) for shift in shifts])


def _is_at_work(span: Span, shift: Shift, day: Floats) -> Bools:
    local = span.local(day, np.full(len(day), _region_of(shift.site)))
    if shift.is_night:
        local = local - _NIGHT[1] / 24  # the hours after midnight belong to the evening before
    date_, hour = np.floor(local).astype(np.int64), local % 1.0 * 24
    weekday, week = (date_ + span.first.weekday()) % 7, date_ // 7
    never_closes = SITES_OPEN_ALWAYS[shift.site]
    if shift.is_night:
        works = hour >= _NIGHT[0] - _NIGHT[1]
    else:
        begins, ends = (
            np.where((week + shift.place) % 2 == 0, early, late) for early, late in zip(_EARLY, _LATE, strict=True)
        )
        is_saturday = (weekday == _SATURDAY_NUMBER) & ~np.array(never_closes)
        works = (hour >= np.where(is_saturday, _SATURDAY[0], begins)) & (
            hour < np.where(is_saturday, _SATURDAY[1], ends)
        )
    today = int(np.floor(span.now))
    since_this_week = week - today // 7
    works &= ~_is_off(shift, weekday, since_this_week, (today + span.first.weekday()) % 7, never_closes=never_closes)
    if not never_closes:
        works &= ~np.isin(date_, [(each - span.first.date()) // timedelta(days=1) for each in closed_days(span.first)])
    is_there: Bools = works & (day >= shift.since)
    return is_there


def _is_off(shift: Shift, weekday: Ints, week: Ints, today: int, *, never_closes: bool) -> Bools:
    """Two days a week, and three weeks a year in which no two of a team are away together.

    `week` counts from the present one: the first of each team, whom a visitor is likely to sign in as, are there now.
    """
    first_off = (today + 2 + 2 * shift.place) % 7
    if never_closes:
        off = (weekday == first_off) | (weekday == (first_off + 1) % 7)
    else:
        off = (weekday == _SUNDAY) | (weekday == (week + today + 2 + shift.place) % 6)
    away: Bools = off | ((week + 8 + 5 * shift.place) % _HOLIDAY_EVERY_WEEKS == 0)
    return away


def _region_of(site: str) -> int:
    """A region that shares the site's clock."""
    zone = next(zone for name, zone, _ in SITES if name == site)
    return next(number for number, region in enumerate(REGIONS) if region.time_zone == zone)


SITES_OPEN_ALWAYS: Final = {name: bool(partner) for name, _, partner in SITES}
