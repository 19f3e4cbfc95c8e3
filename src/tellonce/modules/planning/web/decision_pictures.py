"""Policies side by side: what callers meet by hour, and each measure with its interval."""

from collections.abc import Sequence
from functools import lru_cache

import altair as alt
import numpy as np
from django.utils.translation import gettext

from tellonce.lab.rehearsal import Seen
from tellonce.modules.planning.contracts.decisions import Policy
from tellonce.webkit.charts import Picture, Rows, Spec, Table, picture, spec_of, token

_WIDE_PX, _NARROW_PX, _ROW_PX = 740, 330, 26
_DASHES = [[1, 0], [5, 3], [2, 2], [8, 3, 2, 3], [10, 4], [3, 5]]
_COLOURS = [token(name) for name in ("ink-2", "accent", "warn", "good", "bad", "ink-3")]
Row = tuple[Policy, Seen]


def waits_picture(rows: Sequence[Row]) -> Picture:
    """The wait that 9 of 10 callers do not exceed, by hour of the day."""
    data: list[dict[str, object]] = []
    cells: dict[int, dict[str, str]] = {}
    for policy, seen in rows:
        waits = seen.wait_by_hour(0.9)
        for hour in np.flatnonzero(np.isfinite(waits)).tolist():
            data.append({"hour": hour, "wait": round(float(waits[hour]) / 60, 3), "policy": policy.name})
            cells.setdefault(hour, {})[policy.name] = f"{waits[hour]:.0f}"
    names = tuple(policy.name for policy, _ in rows)
    table = Table(
        (gettext("Hour"), *names),
        tuple((f"{hour}:00", *(line.get(name, "") for name in names)) for hour, line in sorted(cells.items())),
    )
    return picture(
        title=gettext("Waits by hour of the day"),
        words=gettext("Minutes within which 9 of 10 callers are answered, a line for each policy."),
        data={"waits": data},
        wide=_lines(names, _WIDE_PX),
        narrow=_lines(names, _NARROW_PX),
        table=table,
    )


def measure_picture(rows: Sequence[Row], name: str, *, title: str, as_share: bool = True) -> Picture:
    """One measure of all policies: a dot with its 95% interval."""
    data: list[dict[str, object]] = []
    for policy, seen in rows:
        value = seen.estimate(name)
        data.append({
            "policy": policy.name, "mean": float(value.mean),
            "low": float(np.nan_to_num(value.low, nan=float(value.mean))),
            "high": float(np.nan_to_num(value.high, nan=float(value.mean))),
            "text": f"{float(value.mean):.1%}" if as_share else f"{float(value.mean):,.0f}",
        })  # fmt: skip
    names = tuple(policy.name for policy, _ in rows)
    words = "; ".join(f"{each['policy']}: {each['text']}" for each in data)
    return picture(
        title=title,
        words=words,
        data={"measure": _finite(data)},
        wide=_dots(names, _WIDE_PX // 2 - 20, title, as_share),
        narrow=_dots(names, _NARROW_PX, title, as_share),
    )


def _finite(data: Rows) -> Rows:
    return [row for row in data if np.isfinite(row["mean"])]


@lru_cache(maxsize=64)
def _lines(names: tuple[str, ...], width: int) -> Spec:
    scale = alt.Scale(domain=list(names), range=_COLOURS[: len(names)])
    dashes = alt.Scale(domain=list(names), range=_DASHES[: len(names)])
    legend = alt.Legend(
        orient="top", title=None, labelLimit=width - 40, columns=1, symbolType="stroke", labelColor=token("ink-2"),
        labelFont="inherit", labelFontSize=12,
    )  # fmt: skip
    x = alt.X("hour:Q", axis=alt.Axis(labelExpr="datum.value + ':00'", tickMinStep=1, tickCount=8))
    y = alt.Y("wait:Q", axis=alt.Axis(tickCount=4, labelExpr="datum.value + ' min'"))
    marks = alt.Chart(alt.NamedData("waits")).mark_line(strokeWidth=2)
    chart = marks.encode(
        x=x,
        y=y,
        color=alt.Color("policy:N", scale=scale, legend=legend),
        strokeDash=alt.StrokeDash("policy:N", scale=dashes, legend=legend),
    )
    return spec_of(chart.properties(width=width - 60, height=190))


@lru_cache(maxsize=256)
def _dots(names: tuple[str, ...], width: int, title: str, as_share: bool) -> Spec:
    axis = alt.Axis(labelLimit=width // 3, domain=False)
    y = alt.Y("policy:N", sort=list(names), axis=axis)
    form = "%" if as_share else "~s"
    x = alt.X("mean:Q", axis=alt.Axis(format=form, tickCount=4), scale=alt.Scale(zero=False, nice=True, padding=20))
    base = alt.Chart(alt.NamedData("measure")).encode(y=y)
    chart = alt.layer(
        base.mark_rule(strokeWidth=5, color=token("accent-line")).encode(x=alt.X("low:Q"), x2="high:Q"),
        base.mark_point(filled=True, size=55, color=token("accent"), opacity=1).encode(x=x),
        base.mark_text(dy=-9, color=token("ink-2")).encode(x=x, text="text:N"),
    )
    return spec_of(chart.properties(title=title, width=width - width // 3 - 16, height=_ROW_PX * len(names) + 14))
