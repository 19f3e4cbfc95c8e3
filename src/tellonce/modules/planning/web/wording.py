"""What a plan says in sentences: how many quarter hours keep the target, where it is weakest, what would help."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from tellonce.modules.planning.contracts import DAYS, PlanTerms
from tellonce.modules.planning.contracts.outlook import Demand, Outlook, Stretch
from tellonce.modules.planning.queries.bases import ELSEWHERE
from tellonce.modules.planning.queries.waits import (
    demand_at_top,
    missing_people,
    outlook,
    stretch,
    weakest_stretch,
    with_more,
)
from tellonce.modules.record.contracts import CustomerKind

_AN_HOUR = 4
_BUSY = 8

_MODELS = {
    "seasonal_naive": _("The same day a week before"),
    "same_weekday_mean": _("Mean of the same weekday"),
    "level_and_shape": _("Level and shape of the day"),
    "auto_ets": _("Exponential smoothing"),
    "auto_theta": _("Theta"),
    "dynamic_optimized_theta": _("Theta, tuned"),
    "mstl": _("Seasons taken apart (MSTL)"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """People that would help, as a form sends them: place of the day, quarter hours, how many; and in words."""

    day: int
    first: int
    last: int
    people: int
    words: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The plan in words: the main sentence, those after it, and what would help most."""

    main: str
    more: tuple[str, ...]
    offer: Offer | None


def headline(seen: Outlook, demand: Demand, terms: PlanTerms, week: date) -> Headline:
    """What the week's roster does to callers."""
    if not seen.people.any():
        return _nobody_yet(seen, week)
    values = {
        "share": f"{seen.share_kept:.0%}",
        "target": f"{terms.target_share:.0%}",
        "seconds": terms.target_within_s,
    }
    main = gettext(
        "This roster: in %(share)s of quarter hours, %(target)s of callers are answered within %(seconds)d s."
    )
    weakest = weakest_stretch(seen, days_over=demand.days_over)
    more = [_weakest(weakest, week)] if weakest else [gettext("Every quarter hour to come keeps the target.")]
    if weakest is None:
        more.append(_without_two(seen, terms, week, days_over=demand.days_over))
    if seen.share_kept > 0:
        top = {"share": f"{demand_at_top(demand, seen.people, terms):.0%}"}
        more.append(gettext("If calls came at the top of their interval all week: %(share)s.") % top)
    return Headline(main % values, tuple(more), _offer(seen, weakest, terms, week) if weakest else None)


def span(where: Stretch, week: date) -> str:
    """Monday 10:00 to 12:00."""
    day = week + timedelta(days=where.day)
    words = {"day": date_format(day, "l"), "begin": hour(where.first), "end": hour(where.last)}
    return gettext("%(day)s %(begin)s to %(end)s") % words


def hour(quarter: int) -> str:
    """The wall clock at that quarter hour."""
    return f"{quarter // _AN_HOUR}:{quarter % _AN_HOUR * 15:02}"


def seconds(value: float) -> str:
    """A wait as people say it."""
    if value < 1:
        return pgettext("wait", "none")
    if value < 90:  # noqa: PLR2004 - up to a minute and a half, seconds are said
        return gettext("%(n)d s") % {"n": round(value)}
    return gettext("%(n)d min") % {"n": round(value / 60)}


def group_words(group: str, name: str) -> str:
    """A kind of customer, or elsewhere, in the reader's language; all others are names of the provider's own."""
    if (group, name) == ("area", ELSEWHERE):
        return gettext("elsewhere")
    return str(CustomerKind(name).label) if group == "segment" and name in CustomerKind.values else name


def model_words(name: str) -> str:
    """How a model forecasts."""
    return str(_MODELS.get(name, name))


def _nobody_yet(seen: Outlook, week: date) -> Headline:
    day, place = np.unravel_index(int(seen.required.argmax()), seen.required.shape)
    most = int(seen.required.max())
    when = Stretch(int(day), int(place), int(place) + 1, 0.0)
    hours = round(float(seen.required.sum()) / _AN_HOUR)
    main = gettext("Nobody is planned in this week yet.")
    said = ngettext(
        "It takes %(hours)d hours of people, and %(n)d person at most, on %(when)s.",
        "It takes %(hours)d hours of people, and %(n)d of them at once on %(when)s.",
        most,
    )
    return Headline(main, (said % {"hours": hours, "n": most, "when": span(when, week)},), None)


def _weakest(where: Stretch, week: date) -> str:
    values = {"when": span(where, week), "share": f"{where.in_time:.0%}"}
    return gettext("Weakest: %(when)s, where %(share)s are answered in time.") % values


def _without_two(seen: Outlook, terms: PlanTerms, week: date, *, days_over: int) -> str:
    """How much the busiest two hours to come hang on two people."""
    to_come = seen.calls.copy()
    to_come[: days_over % DAYS] = 0.0
    windows = np.lib.stride_tricks.sliding_window_view(to_come, _BUSY, axis=1).sum(axis=2)[:, ::_AN_HOUR]
    day, place = np.unravel_index(int(windows.argmax()), windows.shape)
    first = int(place) * _AN_HOUR
    busiest = Stretch(int(day), first, first + _BUSY, 0.0)
    fewer = outlook(seen.calls, with_more(seen.people, busiest, -2), terms, needed=seen.required)
    left = stretch(fewer, busiest.day, busiest.first, busiest.last)
    values = {"when": span(busiest, week), "share": f"{left.in_time:.0%}"}
    return gettext("Without two people on %(when)s: %(share)s answered in time there.") % values


def _offer(seen: Outlook, weakest: Stretch, terms: PlanTerms, week: date) -> Offer | None:
    people = missing_people(seen, weakest)
    if people == 0:
        return None
    helped = outlook(seen.calls, with_more(seen.people, weakest, people), terms, needed=seen.required)
    there = stretch(helped, weakest.day, weakest.first, weakest.last)
    values = {
        "n": people,
        "when": span(weakest, week),
        "there": f"{there.in_time:.0%}",
        "share": f"{helped.share_kept:.0%}",
    }
    words = ngettext(
        "%(n)d more on %(when)s: %(there)s answered in time there, %(share)s of quarter hours in the week.",
        "%(n)d more on %(when)s: %(there)s answered in time there, %(share)s of quarter hours in the week.",
        people,
    )
    return Offer(weakest.day, weakest.first, weakest.last, people, words % values)
