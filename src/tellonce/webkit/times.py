"""Times as people say them: near ones by day and hour, far ones by date."""

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
_WEEK_DAYS, _MONTH_DAYS, _YEAR_DAYS = 7, 30, 365
_HOURS_MATTER_DAYS = 14


def exact(at: datetime) -> str:
    """Weekday, date and time, as shown on hover."""
    here = timezone.localtime(at)
    return f"{_written(here.date(), 'l')} {_written(here.date(), 'DATE_FORMAT')} {_written(here.time(), 'TIME_FORMAT')}"


def exact_there(at: datetime, *, time_zone: str) -> str:
    """Weekday, date and time as they are in `time_zone`, with the zone named; as here where there is no such zone."""
    with timezone.override(_zone(time_zone) or timezone.get_current_timezone()):
        return f"{exact(at)} {timezone.localtime(at).tzname()}"


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None  # imported records name zones that do not exist


def window(since: datetime, until: datetime, *, time_zone: str = "") -> str:
    """A window in which somebody comes: its day, from and until, as they are there (here, where no zone is named)."""
    with timezone.override(_zone(time_zone) or timezone.get_current_timezone()):
        days = [_written(timezone.localtime(at).date(), "DATE_FORMAT") for at in (since, until)]
        weekday = _written(timezone.localtime(since).date(), "l")
        first, last = f"{weekday} {days[0]} {clock(since)}", clock(until)
        return f"{first}\N{EN DASH}{last}" if days[0] == days[1] else f"{first} \N{EN DASH} {days[1]} {last}"


def clock(at: datetime) -> str:
    """Hours and minutes."""
    return _written(timezone.localtime(at).time(), "TIME_FORMAT")


def day_name(day: date, *, today: date) -> str:
    """Today, yesterday, tomorrow, a weekday within the week around, or the date."""
    away = (day - today).days
    near = {0: gettext("Today"), -1: gettext("Yesterday"), 1: gettext("Tomorrow")}
    if away in near:
        return near[away]
    date_words = spoken_day(day, today=today)
    return f"{_written(day, 'l')} {date_words}" if abs(away) < _YEAR_DAYS else date_words


def spoken(at: datetime, *, now: datetime) -> str:
    """The time alone today, "yesterday 18:47", "Tuesday 18:47" within a week, else the date."""
    here, today = timezone.localtime(at), timezone.localtime(now).date()
    away = (here.date() - today).days
    if away == 0:
        return clock(at)
    if away == -1:
        return gettext("yesterday %(time)s") % {"time": clock(at)}
    if away == 1:
        return gettext("tomorrow %(time)s") % {"time": clock(at)}
    if abs(away) < _WEEK_DAYS:
        return f"{_written(here.date(), 'l')} {clock(at)}"
    return spoken_day(here.date(), today=today)


def spoken_day(day: date, *, today: date) -> str:
    """A date in words, without the year where it is this year's."""
    return _written(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


def _written(when: date | time, form: str) -> str:
    """By the formats of the reader's language; a page says the same few days and minutes many times."""
    minute = when.replace(second=0, microsecond=0) if isinstance(when, time) else when
    return _written_in(get_language() or "", minute, form)


@lru_cache(maxsize=16_384)
def _written_in(_language: str, when: date | time, form: str) -> str:
    return date_format(when, form)  # type: ignore[arg-type] # a time is fine too


def length(seconds: float) -> str:
    """A length of time in its largest unit."""
    if seconds < _MINUTE_S:
        return gettext("less than a minute")
    if seconds < _HOUR_S:
        return ngettext("%(n)d min", "%(n)d min", int(seconds // _MINUTE_S)) % {"n": seconds // _MINUTE_S}
    if seconds < _DAY_S:
        return ngettext("%(n)d h", "%(n)d h", int(seconds // _HOUR_S)) % {"n": seconds // _HOUR_S}
    return length_of_days(int(seconds // _DAY_S))


def counted(seconds: float) -> str:
    """A length of time as a clock counts it: 0:07, 12:45, 1:02:30."""
    minutes, rest = divmod(int(seconds), _MINUTE_S)
    hours, minutes = divmod(minutes, _HOUR_S // _MINUTE_S)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def lasted(seconds: float) -> str:
    """How long something took, in full words: "2 hours 45 minutes", "3 days 4 hours", after two weeks days alone."""
    minutes = round(seconds / _MINUTE_S)
    if minutes < 1:
        return gettext("less than a minute")
    days, rest = divmod(minutes, _DAY_S // _MINUTE_S)
    if days >= _HOURS_MATTER_DAYS:
        return length_of_days(days)
    hours, rest = divmod(rest, _HOUR_S // _MINUTE_S)
    parts = [
        (days, ngettext("%(n)d day", "%(n)d days", days)),
        (hours, ngettext("%(n)d hour", "%(n)d hours", hours)),
        (0 if days else rest, ngettext("%(n)d minute", "%(n)d minutes", rest)),
    ]
    return " ".join(words % {"n": count} for count, words in parts if count)


def length_of_days(days: int) -> str:
    """Days, months or years, whichever is said of that many."""
    if days < 2 * _MONTH_DAYS:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if days < 2 * _YEAR_DAYS:
        return ngettext("%(n)d month", "%(n)d months", days // _MONTH_DAYS) % {"n": days // _MONTH_DAYS}
    return ngettext("%(n)d year", "%(n)d years", days // _YEAR_DAYS) % {"n": days // _YEAR_DAYS}


def ago(at: datetime, *, now: datetime) -> str:
    """How long ago, or in how long."""
    seconds = (now - at).total_seconds()
    if abs(seconds) < _MINUTE_S:
        return gettext("just now")
    if seconds < 0:
        return gettext("in %(length)s") % {"length": length(-seconds)}
    return gettext("%(length)s ago") % {"length": length(seconds)}


def due(at: datetime, *, now: datetime) -> str:
    """A due time in words: how late it is, or when it comes."""
    seconds = (now - at).total_seconds()
    if seconds >= _MINUTE_S:
        return gettext("%(length)s late") % {"length": length(seconds)}
    if timezone.localtime(at).date() == timezone.localtime(now).date():
        return gettext("due today")
    return gettext("due %(time)s") % {"time": spoken(at, now=now)}
