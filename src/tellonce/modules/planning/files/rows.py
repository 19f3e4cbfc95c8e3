"""Rosters as CSV: one line a shift. Columns: person, label, date, start, end, breaks, uid.

`person` is a mail address or a name on staff, `label` names a place that nobody fills yet; one of both is given.
`date` is 2026-11-30, `start`, `end` and the beginning of breaks are 09:00 on the queue's clock, `breaks` is
"12:30/30 15:00/15" (beginning/minutes). An end before the start is on the next day.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from tellonce.modules.planning.contracts import NewShift, Pause, ShiftLine
from tellonce.modules.planning.files.lines import FileRefusedError, Known, Problem, RosterFile

COLUMNS = ("person", "label", "date", "start", "end", "breaks", "uid")
_NEEDED = {"date", "start", "end"}
_MINUTE_S = 60


class _CellError(Exception):
    """What is wrong in one cell."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column, self.what = column, what


def read_rows(text: str, *, known: Known, zone: ZoneInfo) -> RosterFile:
    """The shifts of a CSV file; FileRefusedError names every wrong line and column, and nothing is taken then."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_delimiter(text), strict=True)
    problems: list[Problem] = []
    shifts: list[NewShift] = []
    try:
        heads = {(name or "").strip().lower() for name in reader.fieldnames or ()}
        if missing := sorted(_NEEDED - heads):
            words = gettext("The first line names the columns; missing: %(names)s.") % {"names": ", ".join(missing)}
            raise FileRefusedError([Problem(1, "", words)])
        for row in reader:
            cells = {(name or "").strip().lower(): (value or "").strip() for name, value in row.items() if name}
            if not any(cells.values()):
                continue
            try:
                shifts.append(_shift(cells, known, zone))
            except _CellError as error:
                problems.append(Problem(reader.line_num, error.column, error.what))
    except csv.Error as error:
        problems.append(Problem(reader.line_num, "", gettext("This is no CSV: %(why)s.") % {"why": error}))
    if problems:
        raise FileRefusedError(problems)
    if not shifts:
        raise FileRefusedError([Problem(1, "", gettext("The file holds no shift."))])
    return RosterFile(tuple(shifts))


def written_rows(shifts: Sequence[ShiftLine], *, zone: ZoneInfo, mails: dict[int, str]) -> str:
    """The shifts as a CSV file that `read_rows` takes again."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for shift in shifts:
        starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
        begins = ((starts + timedelta(minutes=pause.after_min), pause.length_min) for pause in shift.pauses)
        breaks = " ".join(f"{at:%H:%M}/{minutes}" for at, minutes in begins)
        person = mails.get(shift.person_id or 0, "")
        label = "" if person else shift.name
        writer.writerow([person, _plain(label), f"{starts:%Y-%m-%d}", f"{starts:%H:%M}", f"{ends:%H:%M}", breaks, ""])
    return out.getvalue()


def _plain(word: str) -> str:
    """A word that no spreadsheet takes for a formula."""
    return f"'{word}" if word[:1] in {"=", "+", "-", "@"} else word


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _shift(cells: dict[str, str], known: Known, zone: ZoneInfo) -> NewShift:
    person_id, label = _who(cells, known)
    day = _day(cells["date"])
    starts = datetime.combine(day, _clock(cells["start"], "start"), tzinfo=zone)
    ends = datetime.combine(day, _clock(cells["end"], "end"), tzinfo=zone)
    if ends <= starts:
        ends = datetime.combine(day + timedelta(days=1), ends.time(), tzinfo=zone)
    pauses = tuple(_pauses(cells.get("breaks", ""), starts, ends))
    return NewShift(starts, ends, person_id=person_id, label=label, pauses=pauses, uid=cells.get("uid", ""))


def _who(cells: dict[str, str], known: Known) -> tuple[int | None, str]:
    person, label = cells.get("person", ""), cells.get("label", "").removeprefix("'")
    if not person and not label:
        raise _CellError("person", gettext("Say who works: a person, or a label."))
    if not person:
        return None, label
    try:
        found = known.person_id(person)
    except ValueError as error:
        raise _CellError("person", str(error)) from error
    if found is None:
        raise _CellError("person", gettext("Nobody on staff is called %(name)s.") % {"name": person})
    return found, ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        words = gettext("“%(text)s” is no date like 2026-11-30.") % {"text": text}
        raise _CellError("date", words) from error


def _clock(text: str, column: str) -> time:
    try:
        return time.fromisoformat(text.zfill(5)).replace(tzinfo=None)
    except ValueError as error:
        raise _CellError(column, gettext("“%(text)s” is no time like 09:00.") % {"text": text}) from error


def _pauses(text: str, starts: datetime, ends: datetime) -> Iterator[Pause]:
    for word in text.split():
        begin, _, minutes = word.partition("/")
        if not minutes.isdecimal() or int(minutes) == 0:
            words = gettext("“%(text)s” is no break like 12:30/30.") % {"text": word}
            raise _CellError("breaks", words)
        at = datetime.combine(starts.date(), _clock(begin, "breaks"), tzinfo=starts.tzinfo)
        at = at if at >= starts else at + timedelta(days=1)
        if at + timedelta(minutes=int(minutes)) > ends:
            raise _CellError("breaks", gettext("The break at %(time)s is not within the shift.") % {"time": begin})
        yield Pause(int((at - starts).total_seconds()) // _MINUTE_S, int(minutes))
