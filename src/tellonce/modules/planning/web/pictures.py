"""The two pictures of a plan: its week at a glance, and one day with its gap, its waits and its calls."""

from typing import Any

import numpy as np
from django.utils.translation import gettext
from numpy.typing import NDArray

from tellonce.modules.planning.contracts import DAYS, QUARTERS, PlanTerms
from tellonce.modules.planning.contracts.outlook import Demand, Floats, Outlook
from tellonce.modules.planning.web.specs import AN_HOUR, DayWords, day_spec, week_spec
from tellonce.webkit.charts import Picture, Rows, Table, picture

_WIDE_PX, _NARROW_PX = 1000, 330
_SHORT_PEOPLE = 0.5
_LABELLED_QUARTERS = 2
_USUAL_HOURS = (8 * AN_HOUR, 20 * AN_HOUR)


def span_of(seen: Outlook) -> tuple[int, int]:
    """The quarter hours worth showing: whole hours from the week's first call or person to the last."""
    busy = np.flatnonzero((seen.counted | (seen.people > 0)).any(axis=0))
    if not busy.size:
        return _USUAL_HOURS
    return int(busy[0]) // AN_HOUR * AN_HOUR, -(-(int(busy[-1]) + 1) // AN_HOUR) * AN_HOUR


def week_picture(seen: Outlook, *, words: str) -> Picture:
    """People needed and on the roster, Monday to Sunday side by side."""
    first, last = span_of(seen)
    length = last - first
    people: list[dict[str, Any]] = []
    short: list[dict[str, Any]] = []
    for day in range(DAYS):
        needed, there = seen.required[day, first:last], seen.people[day, first:last]
        people += _people(needed, there, begin=day * length)
        short += _short(needed, there, begin=day * length)
    return picture(
        title=gettext("People needed and on the roster in each quarter hour of the week"),
        words=words,
        data={"people": people, "short": short, "edges": [{"x": day * length} for day in range(1, DAYS)]},
        wide=week_spec(length),
    )


def day_picture(seen: Outlook, demand: Demand, terms: PlanTerms, day: int, *, words: str) -> Picture:
    """One day: people, what callers meet, and the calls that are expected."""
    first, last = span_of(seen)
    told = DayWords(
        people=gettext("People on the roster, and needed (dashes)"),
        waits=gettext("Callers answered within %(n)d s") % {"n": terms.target_within_s},
        calls=gettext("Calls each quarter hour, 80%% interval") % {},
        target=f"{terms.target_share:.0%}",
    )
    needed, people = seen.required[day, first:last], seen.people[day, first:last]
    return picture(
        title=gettext("People, waits and calls of the day by quarter hour"),
        words=words,
        data={
            "people": _people(needed, people, begin=first),
            "short": _short(needed, people, begin=first),
            "gaps": _gaps(needed, people, first),
            "waits": _waits(seen, day, first, last),
            "target": [{"share": terms.target_share}],
            "calls": _calls(demand, day, first, last),
        },
        wide=day_spec(first, last, width=_WIDE_PX, words=told),
        narrow=day_spec(first, last, width=_NARROW_PX, words=told),
        table=_numbers(seen, demand, day),
    )


def _people(needed: NDArray[np.int64], people: Floats, *, begin: int) -> list[dict[str, Any]]:
    """One row a quarter hour, and one more that carries the last step to its end."""
    rows = [
        {"x": begin + place, "needed": need, "roster": there, "run": begin}
        for place, (need, there) in enumerate(zip(needed.tolist(), people.tolist(), strict=True))
    ]
    return [*rows, rows[-1] | {"x": begin + len(rows)}] if rows else rows


def _short(needed: NDArray[np.int64], people: Floats, *, begin: int) -> list[dict[str, Any]]:
    """The gaps: one row for each stretch in which need and roster stay as they are."""
    rows: list[dict[str, Any]] = []
    for place, (need, there) in enumerate(zip(needed.tolist(), people.tolist(), strict=True)):
        if need - there < _SHORT_PEOPLE:
            continue
        x = begin + place
        if rows and (rows[-1]["to"], rows[-1]["needed"], rows[-1]["roster"]) == (x, need, there):
            rows[-1]["to"] = x + 1
        else:
            rows.append({"x": x, "to": x + 1, "needed": need, "roster": there})
    return rows


def _gaps(needed: NDArray[np.int64], people: Floats, first: int) -> Rows:
    """How many are missing, to be written over each stretch that is short for half an hour or more."""
    gap = np.maximum(needed - people, 0.0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gap >= _SHORT_PEOPLE, [False]]).astype(int)))
    return [
        {
            "x": first + (start + end) / 2,
            "y": int(needed[start:end].max()),
            "text": gettext("%(n)d short") % {"n": round(float(gap[start:end].max()))},
        }
        for start, end in edges.reshape(-1, 2).tolist()
        if end - start >= _LABELLED_QUARTERS
    ]


def _waits(seen: Outlook, day: int, first: int, last: int) -> Rows:
    return [
        {
            "x": place,
            "to": place + 1,
            "share": round(float(seen.in_time[day, place]), 4),
            "kept": bool(seen.kept[day, place]),
        }
        for place in range(first, last)
        if seen.counted[day, place]
    ]


def _calls(demand: Demand, day: int, first: int, last: int) -> Rows:
    return [
        {
            "x": place + 0.5,
            "calls": round(float(demand.expected[day, place]), 2),
            "low": round(float(demand.low[day, place]), 2),
            "high": round(float(demand.high[day, place]), 2),
        }
        for place in range(first, last)
    ]


def _numbers(seen: Outlook, demand: Demand, day: int) -> Table:
    first, last = span_of(seen)
    heads = (
        gettext("Time"),
        gettext("Calls"),
        gettext("80%% interval") % {},
        gettext("Needed"),
        gettext("On the roster"),
        gettext("In time"),
        gettext("Give up"),
    )
    rows = tuple(
        (
            f"{place // AN_HOUR}:{place % AN_HOUR * 15:02}",
            f"{demand.expected[day, place]:.1f}",
            f"{demand.low[day, place]:.0f} - {demand.high[day, place]:.0f}",
            str(int(seen.required[day, place])),
            f"{seen.people[day, place]:g}",
            f"{seen.in_time[day, place]:.0%}" if seen.counted[day, place] else "",
            f"{seen.gave_up[day, place]:.1%}" if seen.counted[day, place] else "",
        )
        for place in range(first, min(last, QUARTERS))
    )
    return Table(heads, rows)
