"""Forecasts as they were made, and the week that one of them says."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import DateField, ExpressionWrapper, F

from tellonce.modules.phone import queries as phone
from tellonce.modules.planning.contracts import DAYS, QUARTER_S, QUARTERS
from tellonce.modules.planning.contracts.outlook import Demand, Floats
from tellonce.modules.planning.models import Forecast
from tellonce.modules.planning.queries.weeks import by_wall_clock, moment


def forecast_for(queue_id: int, week: date) -> Forecast | None:
    """The latest forecast of the queue that reaches to the end of the week from this Monday, made before it is over."""
    last = week + timedelta(days=DAYS - 1)
    reaches = ExpressionWrapper(F("first_day") + F("days") - 1, output_field=DateField())
    made = Forecast.objects.filter(queue_id=queue_id, first_day__lte=last).annotate(reaches=reaches)
    return made.filter(reaches__gte=last).order_by("-made_at").first()


def latest_forecast(queue_id: int, *, until: datetime | None = None) -> Forecast | None:
    """The forecast of the queue that was made last; the last that was there `until` then, where there was one."""
    made = Forecast.objects.filter(queue_id=queue_id).order_by("-made_at")
    return (made.filter(made_at__lte=until).first() if until is not None else None) or made.first()


def days_of_calls(queue_id: int, *, until: date) -> int:
    """Whole days before `until` from the second day with a call to the last one: what a forecast can learn from."""
    span, zone = phone.call_spans().get(queue_id), ZoneInfo(phone.queue_line(queue_id).time_zone)
    if span is None:
        return 0
    last = min(until, span.last_at.astimezone(zone).date() + timedelta(days=1))
    return max((last - span.first_at.astimezone(zone).date()).days - 1, 0)


def demand_of(forecast: Forecast, week: date) -> Demand:
    """The week by quarter hours: calls that came on the days before the forecast begins, then what it says.

    Intervals longer than a quarter hour are spread evenly over theirs.
    """
    begin = (week - forecast.first_day).days
    over = max(-begin, 0)
    came = _came(forecast.queue_id, week, over) if over else np.zeros((0, QUARTERS))
    parts = []
    for values in (forecast.expected, forecast.low, forecast.high):
        rows = np.array(values, dtype=np.float64).reshape(forecast.days, -1)[max(begin, 0) : begin + DAYS]
        finer = QUARTERS // rows.shape[1]
        parts.append(np.concatenate([came, np.repeat(rows / finer, finer, axis=1)]))
    expected, low, high = parts
    return Demand(expected, low, high, days_over=over)


def _came(queue_id: int, week: date, days: int) -> Floats:
    """The calls of the week's first days as they came, of shape (days, 96)."""
    zone = phone.queue_line(queue_id).time_zone
    since, until = (moment(week + timedelta(days=n), 0, ZoneInfo(zone)) for n in (0, days))
    came = phone.arrivals_per_interval(queue_id, since, until, interval_s=QUARTER_S, time_zone=zone)
    return np.nan_to_num(by_wall_clock(came, week, days, ZoneInfo(zone)))
