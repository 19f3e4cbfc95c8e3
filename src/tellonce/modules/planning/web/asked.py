"""Which plan an address means: its queue, its week, its day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

from tellonce.modules.phone import queries as phone
from tellonce.modules.phone.contracts import QueueLine
from tellonce.modules.planning import queries
from tellonce.modules.planning.actions import PlanKey
from tellonce.modules.planning.contracts import DAYS
from tellonce.modules.planning.queries.weeks import monday_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A queue's week, and the day of it (0 is Monday) that is looked at closely."""

    queue: QueueLine
    week: date
    day: int

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the queue."""
        return ZoneInfo(self.queue.time_zone)

    @property
    def shown_day(self) -> date:
        """The date of the day."""
        return self.week + timedelta(days=self.day)

    def address(self, *, week: date | None = None, day: int | None = None, queue_id: int | None = None) -> str:
        """Where another queue, week or day of it is."""
        monday, place = week or self.week, self.day if day is None else day
        values = {"queue": queue_id or self.queue.id, "day": (monday + timedelta(days=place)).isoformat()}
        return f"{reverse('plan')}?{urlencode(values)}"

    def key(self, data: QueryDict) -> PlanKey:
        """What a form changes, with the version that it was made for."""
        version = data.get("version", "")
        return PlanKey(self.queue.id, self.week, int(version) if version.isdecimal() else 0)


def asked_by(request: HttpRequest, *, now: datetime) -> Asked | None:
    """The queue and day of the query string, else the first queue's latest day that is planned; None without queues."""
    lines = phone.queues()
    if not lines:
        return None
    wanted = request.GET.get("queue", "")
    queue = next((line for line in lines if str(line.id) == wanted), None) or _busiest(lines)
    day = _date(request.GET.get("day", "")) or usual_day(queue, now=now)
    return Asked(queue, monday_of(day), day.weekday())


def asked_of(queue_id: int, week: str, data: QueryDict) -> Asked:
    """The plan of an address that changes it; Http404 for a week that is none."""
    monday = _date(week)
    if monday is None or monday.weekday() != 0:
        raise Http404
    day = data.get("day", "")
    return Asked(phone.queue_line(queue_id), monday, int(day) if day.isdecimal() and int(day) < DAYS else 0)


def usual_day(queue: QueueLine, *, now: datetime) -> date:
    """Today where its week is forecast; else the first week of the latest forecast, as after an import of old calls."""
    today = now.astimezone(ZoneInfo(queue.time_zone)).date()
    if queries.forecast_for(queue.id, monday_of(today)) is not None:
        return today
    latest = queries.latest_forecast(queue.id)
    if latest is None:
        return today
    first = latest.first_day + timedelta(days=-latest.first_day.weekday() % DAYS)
    return max(first, today) if latest.first_day <= today <= latest.first_day + timedelta(days=latest.days) else first


def _busiest(lines: tuple[QueueLine, ...]) -> QueueLine:
    spans = phone.call_spans()
    return max(lines, key=lambda line: spans[line.id].calls if line.id in spans else 0)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
