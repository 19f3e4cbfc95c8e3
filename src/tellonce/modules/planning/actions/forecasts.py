"""A queue's calls forecast from its own past, and kept as it was made."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext

from tellonce.lab import forecasting
from tellonce.lab.forecasting import CHOSEN, Holiday, SeasonalNaive, Series, SeriesError
from tellonce.modules.phone import queries as phone
from tellonce.modules.phone.contracts import OUTCOMES, CallOutcome, Calls, QueueLine
from tellonce.modules.planning.contracts import DAYS, QUARTER_S, QUARTERS, NotEnoughCallsError
from tellonce.modules.planning.contracts.reasons import error_words
from tellonce.modules.planning.models import Forecast
from tellonce.modules.planning.queries.forecasts import latest_forecast
from tellonce.modules.planning.queries.weeks import by_wall_clock
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.contracts import Actor, Calendar

_HISTORY_DAYS = 420
_LEARNT_DAYS = 56  # of handle time and patience
_AHEAD_DAYS = 35
_BEHIND_DAYS = 28
_KEPT_DAYS = 60
_ORIGINS = 8
_END_OF_DAY = 23 * 60 + 59


def make_forecast(*, queue_id: int, by: Actor, at: datetime) -> Forecast:
    """Forecasts five weeks beyond the day of `at`, by the model that was best on the queue's past; kept for good.

    NotEnoughCallsError where the queue's past says too little.
    """
    queue = phone.queue_line(queue_id)
    zone = ZoneInfo(queue.time_zone)
    today = at.astimezone(zone).date()
    series = past_of(queue, until=today)
    behind = (today - series.day(series.days)).days
    try:
        # Calls may end some days ago: those days are forecast too. Calls of long ago are continued where they end.
        made = forecasting.forecast(series, _AHEAD_DAYS + (behind if behind <= _BEHIND_DAYS else 0), origins=_ORIGINS)
    except SeriesError as error:
        words = gettext("No forecast of %(queue)s yet. %(why)s") % {"queue": queue.name, "why": error_words(error)}
        raise NotEnoughCallsError(words) from error
    since = datetime.combine(series.day(series.days) - timedelta(days=_LEARNT_DAYS), datetime.min.time(), zone)
    calls = phone.calls_between(queue_id, since, at)
    return Forecast.objects.create(
        queue_id=queue_id,
        made_at=at,
        made_by_name=by.name,
        history_from=series.first_day,
        history_until=series.day(series.days - 1),
        first_day=made.first_day,
        days=len(made.point),
        interval_s=made.interval_s,
        time_zone=queue.time_zone,
        expected=made.point.ravel().tolist(),
        low=made.lower.ravel().tolist(),
        high=made.upper.ravel().tolist(),
        model=made.model,
        handle_s=mean_handle_s(calls),
        patience_s=mean_patience_s(calls),
        **_how_good(made.backtest, made.model),
    )


@transaction.atomic
def forget_old_forecasts(*, at: datetime) -> int:
    """Forecasts older than two months that no plan and no decision stands on are deleted; the last of a queue stays."""
    gone = 0
    for old in Forecast.objects.filter(made_at__lt=at - timedelta(days=_KEPT_DAYS)):
        latest = latest_forecast(old.queue_id)
        if latest is None or latest.pk == old.pk:
            continue
        try:
            with transaction.atomic():
                old.delete()
        except ProtectedError:
            continue
        gone += 1
    return gone


def past_of(queue: QueueLine, *, until: date) -> Series:
    """Arrivals by quarter hour of whole days before `until`; NotEnoughCallsError where there are none."""
    span = phone.call_spans().get(queue.id)
    zone = ZoneInfo(queue.time_zone)
    if span is None:
        raise NotEnoughCallsError(gettext("No call of %(queue)s is known yet.") % {"queue": queue.name})
    last = min(until, span.last_at.astimezone(zone).date() + timedelta(days=1))
    first = max(span.first_at.astimezone(zone).date() + timedelta(days=1), last - timedelta(days=_HISTORY_DAYS))
    if first >= last:
        raise NotEnoughCallsError(gettext("The calls of %(queue)s are of less than a day.") % {"queue": queue.name})
    midnights = [datetime.combine(day, datetime.min.time(), zone) for day in (first, last)]
    arrivals = phone.arrivals_per_interval(
        queue.id, midnights[0], midnights[1], interval_s=QUARTER_S, time_zone=queue.time_zone
    )
    counts = by_wall_clock(arrivals, first, (last - first).days, zone)
    calendar = staff.calendar_of_site(queue.site_id) if queue.site_id is not None else None
    return Series(
        first,
        QUARTER_S,
        counts,
        open_hours=_open_hours(calendar, counts, first) if calendar else None,
        holidays=tuple(Holiday(day) for day in sorted(calendar.holidays)) if calendar else (),
    )


def mean_handle_s(calls: Calls) -> float | None:
    """Mean seconds with a call, of those measured; None without any."""
    known = calls.handle_s[np.isfinite(calls.handle_s) & (calls.handle_s > 0)]
    return float(known.mean()) if known.size else None


def mean_patience_s(calls: Calls) -> float | None:
    """Mean seconds until a caller gives up, where those answered count as far as they waited; None if nobody gave up.

    The estimate of an exponential time from censored data: all seconds waited over the number who gave up.
    """
    waited = calls.wait_s[np.isfinite(calls.wait_s)]
    gave_up = int((calls.outcome == OUTCOMES.index(CallOutcome.ABANDONED)).sum())
    return float(waited.sum() / gave_up) if gave_up and waited.sum() > 0 else None


def _open_hours(calendar: Calendar, counts: np.ndarray, first: date) -> np.ndarray:
    """When the site is open, by weekday; and where it is closed but calls have come all the same."""
    is_open = np.zeros((DAYS, QUARTERS), dtype=bool)
    for weekday, spans in enumerate(calendar.weekly):
        for span in spans:
            opens, closes = (each.hour * 60 + each.minute for each in (span.opens, span.closes))
            last = QUARTERS if closes >= _END_OF_DAY else -(-closes * 60 // QUARTER_S)
            is_open[weekday, opens * 60 // QUARTER_S : last] = True
    for weekday in range(DAYS):
        rows = counts[(weekday - first.weekday()) % DAYS :: DAYS]
        is_open[weekday] |= np.nansum(rows, axis=0) > len(rows) / 2
    return is_open


def _how_good(tested: forecasting.Backtest, model: str) -> dict[str, object]:
    """The scores that the page shows: what was chosen as it would have been chosen then, and every model."""
    scores = {name: tested.score(name, last_lead=min(DAYS, tested.expected.shape[2])) for name in tested.models}
    chosen, naive = scores[CHOSEN], scores.get(SeasonalNaive().name)
    rows = [
        {"model": name, "wape": _number(score.wape), "coverage": _number(score.coverage), "is_used": name == model}
        for name, score in scores.items()
        if name != CHOSEN
    ]
    return {
        "wape": _number(chosen.wape),
        "coverage": _number(chosen.coverage),
        "baseline_wape": _number(naive.wape) if naive else None,
        "scores": sorted(rows, key=lambda row: row["wape"] or 0.0),
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
