"""Rosters and absences as iCalendar (RFC 5545): one event a shift, with its time zone.

Out: the summary says who, the attendee is their mail address, `X-TELLONCE-BREAKS` holds breaks as minutes after the
start/minutes. In: an event is an absence where it lasts whole days, its category says so (absence, vacation, holiday,
sick, out of office) or it is marked as out of office; every other event is a shift.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from icalendar import Calendar, Event, vCalAddress

from tellonce.modules.planning.contracts import NewShift, Pause, ShiftLine
from tellonce.modules.planning.files.lines import FileRefusedError, Known, NewAbsence, Problem, RosterFile

_BREAKS = "X-TELLONCE-BREAKS"
_AWAY = {"absence", "vacation", "holiday", "sick", "out of office", "leave"}
_BEGINS = re.compile(r"^BEGIN:VEVENT\s*$", re.MULTILINE | re.IGNORECASE)
_PRODUCT = "-//Tellonce//Plan//EN"


def read_events(text: str, *, known: Known, zone: ZoneInfo) -> RosterFile:
    """The events of a calendar; FileRefusedError names the line on which each wrong one begins. All or nothing."""
    try:
        events = [event for event in Calendar.from_ical(text).walk("VEVENT") if isinstance(event, Event)]
    except (ValueError, IndexError, KeyError) as error:
        raise FileRefusedError([Problem(1, "", gettext("This is no calendar: %(why)s") % {"why": error})]) from error
    lines = [text.count("\n", 0, found.start()) + 1 for found in _BEGINS.finditer(text)]
    problems: list[Problem] = []
    shifts: list[NewShift] = []
    absences: list[NewAbsence] = []
    for place, event in enumerate(events):
        line = lines[place] if place < len(lines) else 1
        try:
            said = _said(event, known, zone)
        except ValueError as error:
            problems.append(Problem(line, "", str(error)))
            continue
        if isinstance(said, NewAbsence):
            absences.append(said)
        elif said is not None:
            shifts.append(said)
    if problems:
        raise FileRefusedError(problems)
    if not shifts and not absences:
        raise FileRefusedError([Problem(1, "", gettext("The calendar holds no event."))])
    return RosterFile(tuple(shifts), tuple(absences))


def written_events(
    shifts: Sequence[ShiftLine], *, zone: ZoneInfo, mails: dict[int, str], name: str, at: datetime
) -> str:
    """The shifts as a calendar in the time zone, which it describes."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    for shift in shifts:
        event = Event()
        event.add("uid", f"shift-{shift.id}@tellonce")
        event.add("dtstamp", at.astimezone(UTC))
        event.add("dtstart", shift.starts_at.astimezone(zone))
        event.add("dtend", shift.ends_at.astimezone(zone))
        event.add("summary", shift.name)
        if mail := mails.get(shift.person_id or 0):
            event.add("attendee", vCalAddress(f"mailto:{mail}"))
        if shift.pauses:
            event.add(_BREAKS, " ".join(f"{pause.after_min}/{pause.length_min}" for pause in shift.pauses))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    text: str = calendar.to_ical().decode()
    return text


def _said(event: Event, known: Known, zone: ZoneInfo) -> NewShift | NewAbsence | None:
    """The shift or absence of an event, None for one that was called off; ValueError says what is wrong."""
    if str(event.get("status", "")).upper() == "CANCELLED":
        return None
    if "RRULE" in event or "RDATE" in event:
        raise ValueError(gettext("This event repeats. Give each of its days as an event of its own."))
    starts, ends = _when(event, zone)
    uid, summary = str(event.get("uid", "")), str(event.get("summary", "")).strip()
    person_id = _who(event, summary, known)
    if _is_absence(event):
        if person_id is None:
            raise ValueError(gettext("Nobody on staff is called “%(name)s”.") % {"name": summary})
        return NewAbsence(person_id, starts, ends, uid)
    if person_id is None and not summary:
        raise ValueError(gettext("The event says nobody: it needs an attendee or a summary."))
    label = "" if person_id is not None else summary
    return NewShift(starts, ends, person_id=person_id, label=label, pauses=_pauses(event), uid=uid)


def _when(event: Event, zone: ZoneInfo) -> tuple[datetime, datetime]:
    begin = event.get("dtstart")
    if begin is None:
        raise ValueError(gettext("The event does not say when it begins (DTSTART)."))
    starts = _moment(begin.dt, zone)
    if (end := event.get("dtend")) is not None:
        ends = _moment(end.dt, zone)
    elif (length := event.get("duration")) is not None:
        ends = starts + length.dt
    elif isinstance(begin.dt, datetime):
        raise ValueError(gettext("The event does not say when it ends (DTEND or DURATION)."))
    else:
        ends = _moment(begin.dt + timedelta(days=1), zone)
    if ends <= starts:
        raise ValueError(gettext("The event ends before it begins."))
    return starts, ends


def _moment(said: date | datetime, zone: ZoneInfo) -> datetime:
    """A day begins at its midnight; a time without a zone is of the queue's clock."""
    if not isinstance(said, datetime):
        return datetime.combine(said, time(), tzinfo=zone)
    return said if said.tzinfo else said.replace(tzinfo=zone)


def _who(event: Event, summary: str, known: Known) -> int | None:
    given = event.get("attendee", [])
    for attendee in given if isinstance(given, list) else [given]:
        if (found := known.person_id(str(attendee))) is not None:
            return found
        raise ValueError(gettext("Nobody on staff has the address %(mail)s.") % {"mail": str(attendee)})
    return known.person_id(summary)


def _is_absence(event: Event) -> bool:
    if not isinstance(event.get("dtstart").dt, datetime):
        return True
    if str(event.get("x-microsoft-cdo-busystatus", "")).upper() == "OOF":
        return True
    return any(word.strip().lower() in _AWAY for word in _categories(event))


def _categories(event: Event) -> Iterable[str]:
    given: Any = event.get("categories", [])
    for entry in given if isinstance(given, list) else [given]:
        yield from (str(word) for word in getattr(entry, "cats", [entry]))


def _pauses(event: Event) -> tuple[Pause, ...]:
    pairs = (word.split("/") for word in str(event.get(_BREAKS, "")).split())
    try:
        return tuple(Pause(int(after), int(length)) for after, length in pairs)
    except ValueError as error:
        raise ValueError(gettext("%(name)s is not like 210/30.") % {"name": _BREAKS}) from error
