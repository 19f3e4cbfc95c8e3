"""When a site is open: hours by weekday, holidays, and the time zone they are meant in. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tellonce.kernel.errors import DomainError

LOOK_AHEAD_DAYS = 400
_END_OF_DAY = time(23, 59)
_SECOND = timedelta(seconds=1)


class NeverOpenError(DomainError):
    """The calendar has no (or not enough) open time in the next 400 days."""

    code = "never_open"


@dataclass(frozen=True, slots=True)
class Span:
    """Open from `opens` to `closes` on the wall clock; a `closes` of 23:59 or later means midnight."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Calendar:
    """The open hours of a site. Takes aware datetimes of any zone and returns UTC.

    `weekly` holds the spans of Monday to Sunday; a day in `holidays` has those spans instead (none: closed).
    An hour that a change of clocks repeats is open twice, one that it skips does not exist: a span that begins or
    ends in a skipped hour begins or ends at the change.
    """

    time_zone: str
    weekly: tuple[tuple[Span, ...], ...]
    holidays: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at `at`; the moment of closing is closed."""
        at = at.astimezone(UTC)
        return any(begins <= at < ends for begins, ends in self._open_around(at))

    def next_open(self, at: datetime) -> datetime | None:
        """`at` itself when it is open, else the next opening; None when there is none in 400 days."""
        at = at.astimezone(UTC)
        for begins, ends in self._open_times(at):
            if ends > at:
                return max(begins, at)
        return None

    def closes(self, at: datetime) -> datetime | None:
        """When what is open at `at` closes; None when it is closed, or does not close within 400 days."""
        at = at.astimezone(UTC)
        closing: datetime | None = None
        for begins, ends in self._open_times(at):
            if (closing is None and begins <= at < ends) or closing == begins:
                closing = ends
            elif begins > (closing or at):
                return closing
        return closing if closing and closing < at + timedelta(days=LOOK_AHEAD_DAYS - 1) else None

    def add_open_minutes(self, at: datetime, minutes: float) -> datetime:
        """The first time by which `minutes` of open time have passed since `at`; 0 gives the next opening.

        Raises NeverOpenError when 400 days do not hold so much open time, ValueError for less than none.
        """
        if minutes < 0:
            raise ValueError("open minutes can only be added")
        at = at.astimezone(UTC)
        left = timedelta(minutes=minutes)
        for opening, ends in self._open_times(at):
            begins = max(opening, at)
            if ends <= begins:
                continue
            if left <= ends - begins and (left < ends - begins or minutes > 0):
                return begins + left
            left -= ends - begins
        raise NeverOpenError(f"There are no {minutes:g} open minutes in the next {LOOK_AHEAD_DAYS} days.")

    def _open_around(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = at.astimezone(ZoneInfo(self.time_zone)).date()
        yield from self._open_on(day)

    def _open_times(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = at.astimezone(ZoneInfo(self.time_zone)).date()
        for ahead in range(LOOK_AHEAD_DAYS):
            yield from self._open_on(day + timedelta(days=ahead))

    def _open_on(self, day: date) -> list[tuple[datetime, datetime]]:
        spans = self.holidays.get(day, self.weekly[day.weekday()])
        times = sorted((self._instant(day, span.opens), self._end(day, span.closes)) for span in spans)
        merged: list[tuple[datetime, datetime]] = []
        for begins, ends in times:
            if merged and begins <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
            elif begins < ends:
                merged.append((begins, ends))
        return merged

    def _end(self, day: date, closes: time) -> datetime:
        if closes >= _END_OF_DAY:
            return self._instant(day + timedelta(days=1), time(0))
        return self._instant(day, closes, last=True)

    def _instant(self, day: date, wall: time, *, last: bool = False) -> datetime:
        """The first (or last) time at which the wall clock shows `wall`; the change itself if it never does."""
        zone = ZoneInfo(self.time_zone)
        local = datetime.combine(day, wall, tzinfo=zone)
        early, late = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
        if early > late:
            return _change_between(late, early, zone)
        return late if last else early


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second, between two UTC times, from which the zone's offset is another."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


ALWAYS_OPEN = Calendar(time_zone="UTC", weekly=((Span(time(0), time(23, 59)),),) * 7)
