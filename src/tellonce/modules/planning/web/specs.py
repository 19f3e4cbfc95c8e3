"""The pictures of a plan as Altair says them: their data come later, by name."""

from dataclasses import dataclass
from functools import lru_cache

import altair as alt

from tellonce.modules.planning.contracts import DAYS
from tellonce.webkit.charts import Spec, spec_of, token

AN_HOUR = 4  # quarter hours
_AXIS_PX = 36
_NARROW_PX = 400
_WEEK_PX = (1040, 104)
_TEXT_PX = 8


@dataclass(frozen=True, slots=True)
class DayWords:
    """What stands in the picture of a day, in the reader's language."""

    people: str
    waits: str
    calls: str
    target: str


@lru_cache(maxsize=32)
def week_spec(length: int) -> Spec:
    """People needed and on the roster, seven days of `length` quarter hours; data "people", "short", "edges"."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, DAYS * length], nice=False))
    rules = alt.Chart(alt.NamedData("edges")).mark_rule(color=token("line")).encode(x=x)
    return spec_of(
        alt.layer(rules, *_people(x, weight=1.5, axis=None)).properties(width=_WEEK_PX[0], height=_WEEK_PX[1])
    )


@lru_cache(maxsize=64)
def day_spec(first: int, last: int, *, width: int, words: DayWords) -> Spec:
    """One day from quarter hour `first` to `last`; data "people", "short", "gaps", "waits", "target", "calls"."""
    is_narrow = width < _NARROW_PX
    every = (3 if is_narrow or last - first > 16 * AN_HOUR else 2) * AN_HOUR
    ticks = [tick for tick in range(first, last + 1) if tick % every == 0]
    plot = {"width": width - _AXIS_PX}

    def x(*, labels: bool) -> alt.X:
        axis = alt.Axis(values=ticks, labels=labels, labelExpr="floor(datum.value / 4) + ':00'", labelFlush=is_narrow)
        return alt.X("x:Q", axis=axis, scale=alt.Scale(domain=[first, last], nice=False))

    people = alt.layer(
        *_people(x(labels=False), weight=2, axis=alt.Axis(tickCount=3, format="d")), _gaps(x(labels=False))
    )
    panels = (
        people.properties(title=words.people, height=150, **plot),
        _waits(x(labels=False), last, words.target).properties(title=words.waits, height=84, **plot),
        _calls(x(labels=True)).properties(title=words.calls, height=84, **plot),
    )
    return spec_of(alt.vconcat(*panels, spacing=20).resolve_scale(y="independent"))


def _people(x: alt.X, *, weight: float, axis: alt.Axis | None) -> list[alt.Chart]:
    """Gaps as filled spans, the need as fine dashes, the roster as the strong line."""

    def y(field: str) -> alt.Y:
        return alt.Y(field, axis=axis, scale=alt.Scale(nice=False, zero=True, padding=6))

    base = alt.Chart(alt.NamedData("people"))
    short = alt.Chart(alt.NamedData("short"))
    return [
        short.mark_rect(color=token("bad-line")).encode(x=x, x2="to:Q", y=y("needed:Q"), y2="roster:Q"),
        base.mark_line(interpolate="step-after", color=token("ink-3"), strokeWidth=1, strokeDash=[3, 2]).encode(
            x=x, y=y("needed:Q"), detail="run:N"
        ),
        base.mark_line(interpolate="step-after", color=token("accent"), strokeWidth=weight).encode(
            x=x, y=y("roster:Q"), detail="run:N"
        ),
    ]


def _gaps(x: alt.X) -> alt.Chart:
    marks = alt.Chart(alt.NamedData("gaps")).mark_text(dy=-_TEXT_PX, color=token("bad"), fontWeight=600)
    labels: alt.Chart = marks.encode(x=x, y="y:Q", text="text:N")
    return labels


def _waits(x: alt.X, last: int, target: str) -> alt.LayerChart | alt.FacetChart:
    """Bars up to the share in time; those below the target have a strong edge besides their colour."""
    y = alt.Y("share:Q", axis=alt.Axis(values=[0, 0.5, 1], format="%"), scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(alt.NamedData("waits")).encode(x=x, x2="to:Q")
    missed = base.transform_filter("!datum.kept")
    line = alt.Chart(alt.NamedData("target"))
    return alt.layer(
        base.transform_filter("datum.kept")
        .mark_rect(color=token("accent-line"), x2Offset=-1)
        .encode(y=y, y2=alt.datum(0)),
        missed.mark_rect(color=token("bad-line"), x2Offset=-1).encode(y=y, y2=alt.datum(0)),
        missed.mark_rule(color=token("bad"), strokeWidth=2.5, x2Offset=-1).encode(y=y),
        line.mark_rule(color=token("ink-2"), strokeWidth=1).encode(y=y),
        line.mark_text(align="left", dx=6, text=target, color=token("ink-2")).encode(x=alt.datum(last), y=y),
    )


def _calls(x: alt.X) -> alt.LayerChart | alt.FacetChart:
    scale = alt.Scale(nice=False, zero=True)
    axis = alt.Axis(tickCount=3, format="d")
    base = alt.Chart(alt.NamedData("calls")).encode(x=x)
    band = base.mark_area(color=token("accent-soft")).encode(y=alt.Y("low:Q", axis=axis, scale=scale), y2="high:Q")
    line = base.mark_line(color=token("accent"), strokeWidth=1.5)
    return alt.layer(band, line.encode(y=alt.Y("calls:Q", axis=axis, scale=scale)))
