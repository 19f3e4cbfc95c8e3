"""When a promise could be due: times within the hours of whoever makes it, as people say them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext

from tellonce.modules.staff import queries as staff_queries
from tellonce.modules.staff.contracts import Calendar, NeverOpenError

REMIND_BEFORE = timedelta(minutes=30)
_SOON_MINUTES = 120
_LEAST = timedelta(minutes=30)
_LOOK_BACK_STEPS = 400
_LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True, slots=True)
class DueTime:
    """A time by which something can be promised; `label` says it in the promiser's own time."""

    label: str
    due_at: datetime


def due_times(*, at: datetime, person_id: int | None = None, team_id: int | None = None) -> list[DueTime]:
    """Suggestions for a promise made at `at`: in two open hours, today, tomorrow noon, at the next opening."""
    return suggestions(staff_queries.calendar_of(person_id=person_id, team_id=team_id), at=at)


def suggestions(calendar: Calendar, *, at: datetime) -> list[DueTime]:
    """The same, for a calendar; in order of time, no time twice."""
    found: dict[datetime, DueTime] = {}
    for each in (*_soon(calendar, at), *_today(calendar, at), *_noon(calendar, at), *_opening(calendar, at)):
        found.setdefault(each.due_at, each)
    return sorted(found.values(), key=lambda each: each.due_at)


def remind_at(calendar: Calendar, *, at: datetime, due_at: datetime) -> datetime:
    """When to remind of a promise: half an hour before, or the last open time before that; never before half-way."""
    wanted = due_at - REMIND_BEFORE
    earliest = at + (due_at - at) / 2
    moment = wanted
    for _step in range(_LOOK_BACK_STEPS):
        if moment <= at or calendar.is_open(moment):
            break
        moment -= REMIND_BEFORE
    if moment <= at:
        return max(wanted, earliest)
    return moment if moment < wanted else max(wanted, earliest)


def _soon(calendar: Calendar, at: datetime) -> Iterator[DueTime]:
    try:
        due_at = calendar.add_open_minutes(at, _SOON_MINUTES)
    except NeverOpenError:
        return
    if due_at - at <= timedelta(minutes=_SOON_MINUTES + 1):
        yield DueTime(gettext("In 2 hours"), due_at)
    else:
        yield DueTime(gettext("In 2 working hours: %(time)s") % {"time": _said(calendar, at, due_at)}, due_at)


def _today(calendar: Calendar, at: datetime) -> Iterator[DueTime]:
    zone = ZoneInfo(calendar.time_zone)
    five = datetime.combine(at.astimezone(zone).date(), time(17), zone)
    closes = calendar.closes(at)
    due_at = five if calendar.is_open(five) or closes is None else min(five, closes.astimezone(zone))
    if due_at - at >= _LEAST and calendar.is_open(due_at - timedelta(minutes=1)):
        yield DueTime(gettext("Today by %(time)s") % {"time": date_format(due_at, "TIME_FORMAT")}, due_at)


def _noon(calendar: Calendar, at: datetime) -> Iterator[DueTime]:
    zone = ZoneInfo(calendar.time_zone)
    today = at.astimezone(zone).date()
    for days in range(1, _LOOK_AHEAD_DAYS):
        due_at = datetime.combine(today + timedelta(days=days), time(12), zone)
        if calendar.is_open(due_at - timedelta(minutes=1)):
            yield DueTime(gettext("%(day)s by noon") % {"day": _day_said(today, due_at.date())}, due_at)
            return


def _opening(calendar: Calendar, at: datetime) -> Iterator[DueTime]:
    closes = calendar.closes(at)
    if calendar.is_open(at) and closes is None:
        return
    opens = calendar.next_open(closes if closes is not None else at)
    if opens is not None and opens - at >= _LEAST:
        yield DueTime(gettext("When we open: %(time)s") % {"time": _said(calendar, at, opens)}, opens)


def _said(calendar: Calendar, at: datetime, moment: datetime) -> str:
    zone = ZoneInfo(calendar.time_zone)
    local = moment.astimezone(zone)
    return f"{_day_said(at.astimezone(zone).date(), local.date())}, {date_format(local, 'TIME_FORMAT')}"


def _day_said(today: date, day: date) -> str:
    match (day - today).days:
        case 0:
            return gettext("Today")
        case 1:
            return gettext("Tomorrow")
        case _:
            return f"{date_format(day, 'l')} {date_format(day, 'MONTH_DAY_FORMAT')}"
