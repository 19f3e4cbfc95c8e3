"""Rosters go out as files and come in again; a wrong file names its lines and changes nothing."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from tellonce.modules.phone.models import Queue
from tellonce.modules.phone.queries import queue_line
from tellonce.modules.planning import actions, queries
from tellonce.modules.planning.contracts import ShiftLine
from tellonce.modules.planning.files.events import written_events
from tellonce.modules.planning.files.lines import FileRefusedError
from tellonce.modules.planning.files.rows import written_rows
from tellonce.modules.planning.models import Absence, Plan, Shift
from tellonce.modules.planning.tests.making import MONDAY, NOW, ZONE, a_queue, a_shift, key
from tellonce.modules.staff.contracts import SYSTEM
from tests.factories import a_person

pytestmark = pytest.mark.django_db
DENVER = ZoneInfo(ZONE)


def planned(queue: Queue) -> list[ShiftLine]:
    return [replace(shift, id=0) for shift in queries.week_plan(queue_line(queue.pk), MONDAY).shifts]


@pytest.mark.parametrize("kind", ["rows", "events"])
def test_what_goes_out_comes_in_the_same(kind: str) -> None:
    queue, dana = a_queue(), a_person(name="Dana", email="dana@example.net")
    shifts = [a_shift(person_id=dana.pk), a_shift(day=1, hour=21, hours=9, label="Seat 3")]  # over midnight
    for version, shift in enumerate(shifts):
        actions.add_shift(key=key(queue, version), shift=shift, by=SYSTEM, at=NOW)
    before = planned(queue)
    lines, mails = queries.week_plan(queue_line(queue.pk), MONDAY).shifts, {dana.pk: dana.email}
    text = (
        written_rows(lines, zone=DENVER, mails=mails)
        if kind == "rows"
        else written_events(lines, zone=DENVER, mails=mails, name="Care", at=NOW)
    )
    if kind == "events":
        assert "BEGIN:VTIMEZONE" in text
        assert f"DTSTART;TZID={ZONE}:20260302T090000" in text
    actions.bring_file(key=key(queue, 2), text=text, by=SYSTEM, at=NOW)
    assert planned(queue) == before


def test_every_wrong_line_and_column_of_a_csv_is_named_and_nothing_is_taken() -> None:
    queue = a_queue()
    a_person(name="Dana", email="dana@example.net")
    text = (
        "person;label;date;start;end;breaks\n"
        "dana@example.net;;2026-03-02;09:00;17:00;12:30/30\n"
        "nobody@example.net;;2026-03-02;09:00;17:00;\n"
        ";Seat;02.03.2026;09:00;17:00;\n"
        ";Seat;2026-03-03;25:00;17:00;\n"
        ";Seat;2026-03-03;09:00;17:00;18:00/30\n"
    )
    with pytest.raises(FileRefusedError) as refused:
        actions.bring_file(key=key(queue), text=text, by=SYSTEM, at=NOW)
    assert [(each.line, each.column) for each in refused.value.problems] == [
        (3, "person"), (4, "date"), (5, "start"), (6, "breaks"),
    ]  # fmt: skip
    assert not Shift.objects.exists()


ABSENCES = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//another//calendar//EN\r
BEGIN:VEVENT\r
UID:holiday-1\r
DTSTAMP:20260201T000000Z\r
DTSTART;VALUE=DATE:20260303\r
DTEND;VALUE=DATE:20260305\r
SUMMARY:Dana\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:shift-1\r
DTSTAMP:20260201T000000Z\r
DTSTART;TZID=America/New_York:20260302T090000\r
DURATION:PT8H\r
SUMMARY:Dana\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_whole_days_of_a_calendar_are_absences_and_take_their_person_off_the_roster() -> None:
    queue, dana = a_queue(), a_person(name="Dana")
    actions.add_shift(key=key(queue), shift=a_shift(day=1, person_id=dana.pk), by=SYSTEM, at=NOW)
    actions.bring_file(key=key(queue, 1), text=ABSENCES.replace("20260302T09", "20260302T10"), by=SYSTEM, at=NOW)
    plan = queries.week_plan(queue_line(queue.pk), MONDAY)
    assert [shift.starts_at.astimezone(DENVER).hour for shift in plan.shifts] == [8]  # New York's 10 o'clock
    assert Absence.objects.get().starts_at.astimezone(DENVER).date().isoformat() == "2026-03-03"
    actions.bring_file(key=key(queue, 2), text=ABSENCES, by=SYSTEM, at=NOW)
    assert Absence.objects.count() == 1
    actions.undo_change(key=key(queue, 3), by=SYSTEM, at=NOW)
    actions.undo_change(key=key(queue, 4), by=SYSTEM, at=NOW)
    assert not Absence.objects.exists()
    assert Shift.objects.get().starts_at.astimezone(DENVER).date().isoformat() == "2026-03-03"


def test_a_calendar_that_repeats_or_names_a_stranger_is_refused_by_the_lines_of_its_events() -> None:
    text = ABSENCES.replace("SUMMARY:Dana\r\nEND", "RRULE:FREQ=DAILY\r\nSUMMARY:Dana\r\nEND", 1)
    with pytest.raises(FileRefusedError) as refused:
        actions.bring_file(key=key(a_queue()), text=text, by=SYSTEM, at=NOW)
    assert [each.line for each in refused.value.problems] == [4]
    with pytest.raises(FileRefusedError, match="Nobody on staff"):
        actions.bring_file(key=key(a_queue(code="tech")), text=ABSENCES, by=SYSTEM, at=NOW)
    assert not Plan.objects.exists()
