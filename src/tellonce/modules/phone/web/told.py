"""How good the told waits were: by queue and hour of the day, over days; and the waits behind each number."""

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tellonce.modules.phone import queries
from tellonce.modules.phone.models import WaitPromise
from tellonce.modules.phone.queries.words import became_in_words, wait_in_words
from tellonce.modules.phone.web import floor_words as words
from tellonce.switchboard.promise_hours import PromiseHour
from tellonce.webkit import times
from tellonce.webkit.page import page

_USUAL_DAYS = 7
_DAYS = (1, _USUAL_DAYS, 28)
_LEAST = 10  # fewer waits whose end is known say nothing of how good they were
_AIM = 0.8


@require_safe
def told_waits(request: HttpRequest) -> HttpResponse:
    """Kept, covered, off by how much, told again: by queue and hour of the day; `days=` 1, 7 or 28."""
    days, now = _days(request), timezone.now()
    found = queries.told_waits(queries.queues(with_retired=True), days=days, now=now)
    context = {
        "queues": [
            {"line": each.line, "whole": _row(each.whole), "hours": [_row(hour) for hour in each.hours]}
            for each in found
        ],
        "days": days,
        "choices": [(each, _days_words(each)) for each in _DAYS],
    }
    return page(request, "phone/told.html", context)


@require_safe
def told_hour(request: HttpRequest, queue_id: int, hour: int) -> HttpResponse:
    """The waits that were told in one hour of the day: what was said, what happened."""
    days, now = _days(request), timezone.now()
    line = queries.queue_line(queue_id)
    found = queries.told_in_hour(line, hour=hour, days=days, now=now)
    context = {"line": line, "hour": _hour_words(hour), "days": days, "rows": [_told(each) for each in found]}
    return page(request, "phone/told_hour.html", context)


def _row(told: PromiseHour) -> dict[str, Any]:
    is_enough = told.settled >= _LEAST
    is_off = is_enough and not math.isnan(told.covered) and not told.covered_from <= _AIM <= told.covered_to
    return {
        "hour": told.hour,
        "words": _hour_words(told.hour),
        "told": told.told,
        "not_known": told.not_known,
        "is_enough": is_enough,
        "kept": words.percent(told.kept),
        "covered": words.percent(told.covered),
        "between": gettext("%(low)s to %(high)s")
        % {"low": words.percent(told.covered_from), "high": words.percent(told.covered_to)},
        "is_off": is_off,
        "bias": _bias(told.bias_s),
        "again": words.percent(told.told_again),
    }


def _bias(seconds: float) -> str:
    """Signed: above nothing they waited longer than was estimated."""
    if math.isnan(seconds):
        return words.NOTHING
    return gettext("%(n)s s") % {"n": f"{'+' if seconds > 0 else ''}{number_format(round(seconds))}"}


def _told(each: WaitPromise) -> dict[str, Any]:
    return {
        "at": each.told_at,
        "said": wait_in_words(each.form, each.low_min, each.high_min),
        "is_again": each.is_again,
        "became": became_in_words(each.became),
        "waited": times.lasted(each.waited_s),
    }


def _hour_words(hour: int) -> str:
    return gettext("%(from)02d:00 to %(until)02d:00") % {"from": hour, "until": (hour + 1) % 24}


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(each) for each in _DAYS} else _USUAL_DAYS


def _days_words(days: int) -> str:
    return gettext("24 hours") if days == 1 else gettext("%(n)d days") % {"n": days}
