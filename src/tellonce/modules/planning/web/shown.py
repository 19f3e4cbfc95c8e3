"""A plan as its page shows it: days, hours, shifts as bars, and how good the forecast has been."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from tellonce.lab.forecasting import SHORTEST_DAYS
from tellonce.modules.phone import queries as phone
from tellonce.modules.planning import queries, tasks
from tellonce.modules.planning.contracts import DAYS, RunState, ShiftLine
from tellonce.modules.planning.contracts.outlook import Outlook
from tellonce.modules.planning.contracts.reasons import words_of
from tellonce.modules.planning.models import Forecast
from tellonce.modules.planning.queries.waits import outlook, wait_quantiles
from tellonce.modules.planning.web.asked import Asked
from tellonce.modules.planning.web.forms import (
    USUAL_SHIFT,
    FileForm,
    PeopleForm,
    ShiftForm,
    TermsForm,
    shift_as_typed,
    terms_as_typed,
)
from tellonce.modules.planning.web.pictures import day_picture, span_of, week_picture
from tellonce.modules.planning.web.roster_form import RosterForm
from tellonce.modules.planning.web.wording import headline, hour, model_words, seconds

_AN_HOUR = 4
_CHANGES = 8
_SHIFT_QUARTERS = 34


@dataclass(frozen=True, slots=True)
class DayTab:
    """One day of the week: what it needs, and how it stands."""

    name: str
    number: str
    address: str
    is_shown: bool
    calls: int
    kept: str
    is_weak: bool


@dataclass(frozen=True, slots=True)
class HourRow:
    """One hour of the day."""

    begins: str
    first: int
    last: int
    calls: float
    needed: int
    people: float
    short: int
    in_time: str
    wait: str
    is_weak: bool


@dataclass(frozen=True, slots=True)
class ShiftBar:
    """One shift of the day as a bar: place and length on a line of 96 quarter hours."""

    shift: ShiftLine
    starts: str
    ends: str
    x: float
    width: float
    pauses: tuple[tuple[float, float], ...]
    is_away: bool


def shown(
    asked: Asked, *, now: datetime, forms: dict[str, Any] | None = None, shift_id: int | None = None
) -> dict[str, Any]:
    """Everything that the page says of a queue's week."""
    plan = queries.week_plan(asked.queue, asked.week)
    context = _around(asked, plan, now=now) | _forms(asked, plan, shift_id) | (forms or {})
    if plan.demand is None:
        return context
    seen = outlook(plan.demand.expected, plan.people, plan.terms)
    words = headline(seen, plan.demand, plan.terms, asked.week)
    told = " ".join((words.main, *words.more))
    return context | {
        "headline": words,
        "days": _days(asked, seen),
        "week_picture": week_picture(seen, words=told),
        "day_picture": day_picture(seen, plan.demand, plan.terms, asked.day, words=_day_words(asked, seen)),
        "day_words": _day_words(asked, seen),
        "is_over": asked.day < plan.demand.days_over,
        "hours": _hours(asked, plan, seen),
        "bars": _bars(asked, plan, seen),
        "good": _good(plan.forecast) if plan.forecast else None,
    }


def _around(asked: Asked, plan: queries.WeekPlan, *, now: datetime) -> dict[str, Any]:
    this_week = now.astimezone(asked.zone).date()
    this_week -= timedelta(days=this_week.weekday())
    changes = list(plan.plan.changes.all()[:_CHANGES]) if plan.plan else []
    return {
        "asked": asked,
        "queue": asked.queue,
        "plan": plan,
        "queues": [(line, asked.address(queue_id=line.id), line.id == asked.queue.id) for line in phone.queues()],
        "before": asked.address(week=asked.week - timedelta(days=DAYS)),
        "after": asked.address(week=asked.week + timedelta(days=DAYS)),
        "is_this_week": asked.week == this_week,
        "changes": changes,
        "may_undo": any(change.undone_at is None for change in changes),
        "is_being_made": plan.demand is None and tasks.forecast_waits(asked.queue.id),
        "has_calls": asked.queue.id in phone.call_spans(),
        "too_few": _too_few(asked, now) if plan.demand is None else "",
        "week_end": asked.week + timedelta(days=DAYS - 1),
    }


def _too_few(asked: Asked, now: datetime) -> str:
    """Why a forecast would be refused, "" where the queue's calls are of days enough."""
    days = queries.days_of_calls(asked.queue.id, until=now.astimezone(asked.zone).date())
    return words_of("few_days", {"days": days, "least": SHORTEST_DAYS}) if days < SHORTEST_DAYS else ""


def _forms(asked: Asked, plan: queries.WeekPlan, shift_id: int | None) -> dict[str, Any]:
    shift = next((each for each in plan.shifts if each.id == shift_id), None)
    run = queries.latest_run(plan)
    typed = shift_as_typed(shift, asked.zone) if shift else USUAL_SHIFT
    return {
        "people_form": PeopleForm(initial={"since": "10:00", "until": "12:00"}, prefix="people"),
        "shift_form": ShiftForm(initial=typed, prefix="shift"),
        "shift": shift,
        "terms_form": TermsForm(initial=terms_as_typed(plan.terms), prefix="terms"),
        "file_form": FileForm(prefix="file"),
        "roster_form": RosterForm(initial=_usual_shifts(plan), prefix="roster"),
        "run": run,
        "run_is_on": run is not None and run.state in {RunState.WAITING, RunState.RUNNING},
    }


def _usual_shifts(plan: queries.WeekPlan) -> dict[str, time]:
    """From the first call of the week's days to the start by which the last one is still covered."""
    called = np.flatnonzero((plan.demand.expected > 0).any(axis=0)) if plan.demand else np.array([], dtype=int)
    first, last = (int(called[0]), int(called[-1]) + 1 - _SHIFT_QUARTERS) if called.size else (32, 40)
    last = max(last, first)
    return {"first_start": time(first // 4, first % 4 * 15), "last_start": time(last // 4, last % 4 * 15)}


def _days(asked: Asked, seen: Outlook) -> list[DayTab]:
    tabs = []
    for day in range(DAYS):
        on, kept = asked.week + timedelta(days=day), seen.day_kept(day)
        tabs.append(
            DayTab(
                name=date_format(on, "D"),
                number=date_format(on, "j"),
                address=asked.address(day=day),
                is_shown=day == asked.day,
                calls=round(float(seen.calls[day].sum())),
                kept="" if np.isnan(kept) else f"{kept:.0%}",
                is_weak=not np.isnan(kept) and bool((seen.counted[day] & ~seen.kept[day]).any()),
            )
        )
    return tabs


def _day_words(asked: Asked, seen: Outlook) -> str:
    """The day in a sentence: its calls, and how many of them are answered in time."""
    calls, late = float(seen.calls[asked.day].sum()), float(seen.late_calls[asked.day].sum())
    gone = float((seen.calls[asked.day] * seen.gave_up[asked.day]).sum())
    if calls <= 0:
        return gettext("No calls are expected.")
    if not seen.people[asked.day].any():
        return ngettext("%(n)d call, and nobody to answer.", "%(n)d calls, and nobody to answer.", round(calls)) % {
            "n": round(calls)
        }
    values = {"calls": round(calls), "share": f"{1 - late / calls:.0%}", "late": round(late), "gone": round(gone)}
    return gettext("%(calls)d calls: %(share)s answered in time, %(late)d late, %(gone)d of them give up.") % values


def _hours(asked: Asked, plan: queries.WeekPlan, seen: Outlook) -> list[HourRow]:
    day = asked.day
    first, last = span_of(seen)
    __, nine = wait_quantiles(seen.calls[day], seen.people[day], plan.terms)
    rows = []
    for begin in range(first, last, _AN_HOUR):
        here = slice(begin, begin + _AN_HOUR)
        calls, late = float(seen.calls[day, here].sum()), float(seen.late_calls[day, here].sum())
        short = float(np.maximum(seen.required[day, here] - seen.people[day, here], 0).max())
        judged = bool(seen.counted[day, here].any())
        rows.append(
            HourRow(
                begins=hour(begin),
                first=begin,
                last=begin + _AN_HOUR,
                calls=calls,
                needed=int(seen.required[day, here].max()),
                people=float(seen.people[day, here].min()),
                short=round(short),
                in_time=f"{1 - late / calls:.0%}" if judged and calls > 0 else "",
                wait=seconds(float(nine[here].max())) if judged else "",
                is_weak=judged and bool((seen.counted[day, here] & ~seen.kept[day, here]).any()),
            )
        )
    return rows


def _bars(asked: Asked, plan: queries.WeekPlan, seen: Outlook) -> list[ShiftBar]:
    """The shifts that touch the day."""
    first, last = span_of(seen)
    midnight = datetime.combine(asked.shown_day, datetime.min.time(), asked.zone).timestamp()

    def place(at: datetime) -> float:
        return min(max((at.timestamp() - midnight) / 900, first), last)

    bars = []
    for row, shift in enumerate(plan.shifts):
        begin, end = place(shift.starts_at), place(shift.ends_at)
        if end <= begin:
            continue
        rests = [
            (
                shift.starts_at + timedelta(minutes=p.after_min),
                shift.starts_at + timedelta(minutes=p.after_min + p.length_min),
            )
            for p in shift.pauses
        ]
        scale = 100 / (last - first)
        bars.append(
            ShiftBar(
                shift=shift,
                starts=shift.starts_at.astimezone(asked.zone).strftime("%-H:%M"),
                ends=shift.ends_at.astimezone(asked.zone).strftime("%-H:%M"),
                x=round((begin - first) * scale, 3),
                width=round((end - begin) * scale, 3),
                pauses=tuple(
                    (round((place(a) - first) * scale, 3), round((place(b) - place(a)) * scale, 3)) for a, b in rests
                ),
                is_away=not plan.there[row, asked.day].any(),
            )
        )
    return bars


def _good(forecast: Forecast) -> dict[str, Any]:
    """How good each model has been, the one that is used first."""
    rows = [
        {
            "name": model_words(row["model"]),
            "wape": row["wape"],
            "coverage": row["coverage"],
            "is_used": row["is_used"],
        }
        for row in forecast.scores
    ]
    return {
        "rows": sorted(rows, key=lambda row: not row["is_used"]),
        "forecast": forecast,
        "better": 1 - forecast.wape / forecast.baseline_wape if forecast.wape and forecast.baseline_wape else None,
        "since": _day_of(forecast.history_from),
        "until": _day_of(forecast.history_until),
    }


def _day_of(on: date) -> str:
    return date_format(on, "DATE_FORMAT")
