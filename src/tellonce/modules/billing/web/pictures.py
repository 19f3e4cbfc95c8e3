"""Pictures of the pages of bills: what came back by month, and a cause before and after its correction."""

import math
from collections.abc import Sequence
from functools import lru_cache

import altair as alt
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from tellonce.modules.billing.queries.pages_fixes import MonthBack
from tellonce.modules.billing.queries.proofs import Proof
from tellonce.webkit.charts import Picture, Spec, Table, picture, spec_of, token

_WIDE_PX, _NARROW_PX, _TALL_PX = 1300, 330, 120
_HALF_PX, _NARROW_BELOW_PX = 1000, 400
_MOST_TICKS = 4
_AXIS_PX = 36


def back_picture(months: Sequence[MonthBack]) -> Picture:
    """What came back in each of the last months: on bills that were out, and held before they were sent."""
    out, held = gettext("the customer had the bill"), gettext("held before it was sent")
    names = [date_format(month.month, "M y") for month in months]
    rows = [
        {"month": name, "what": what, "count": count, "order": order}
        for name, month in zip(names, months, strict=True)
        for order, (what, count) in enumerate(((held, month.held), (out, month.out)))
    ]
    most = max((month.out + month.held for month in months), default=1)
    total_out, total_held = sum(month.out for month in months), sum(month.held for month in months)
    words = ngettext(
        "In these months %(n)d came back on a bill that the customer had",
        "In these months %(n)d came back on bills that customers had",
        total_out,
    )
    said = f"{words % {'n': total_out}}; {gettext('%(n)d were held before they were sent') % {'n': total_held}}."
    return picture(
        title=gettext("What came back, by month of the bill"),
        words=said,
        data={"back": rows},
        wide=_back_spec(tuple(names), held, out, width=_WIDE_PX, most=most),
        narrow=_back_spec(tuple(names), held, out, width=_NARROW_PX, most=most),
        table=Table(
            (gettext("Month"), gettext("Customer had the bill"), gettext("Held before it was sent")),
            tuple((name, str(month.out), str(month.held)) for name, month in zip(names, months, strict=True)),
        ),
    )


@lru_cache(maxsize=32)
def _back_spec(names: tuple[str, ...], held: str, out: str, *, width: int, most: int) -> Spec:
    step = max(1, -(-most // _MOST_TICKS))
    is_narrow = width < _NARROW_BELOW_PX
    legend = alt.Legend(
        orient="top",
        title=None,
        labelLimit=width - 40,
        labelColor=token("ink-2"),
        labelFontSize=12,
        columns=1 if is_narrow else 2,
        symbolType="square",
    )
    colours = alt.Scale(domain=[out, held], range=[token("bad"), token("accent-line")])
    x = alt.X(
        "month:N",
        sort=list(names),
        axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False),
        scale=alt.Scale(paddingInner=0.35),
    )
    y = alt.Y("count:Q", axis=alt.Axis(values=list(range(0, most + step, step)), format="d"))
    bars = (
        alt.Chart(alt.NamedData("back"))
        .mark_bar()
        .encode(x=x, y=y, color=alt.Color("what:N", scale=colours, legend=legend), order=alt.Order("order:Q"))
    )
    return spec_of(bars.properties(width=width - _AXIS_PX, height=_TALL_PX))


def proof_words(proof: Proof) -> str:
    """What the correction changed, in a sentence, with its interval."""
    counts = {"before": proof.before, "after": proof.after, "days": proof.days_after}
    said = (
        gettext("%(before)d contacts about this in the %(days)d days before, %(after)d in as many days after.") % counts
    )
    ratio = proof.ratio
    if ratio.ratio is None:
        return said
    if ratio.ratio == math.inf:
        return f"{said} {gettext('Nobody asked before, so there is nothing to compare with.')}"
    numbers = {"ratio": _times(ratio.ratio), "low": _times(ratio.low), "high": _times(ratio.high)}
    return f"{said} {gettext('That is %(ratio)s times as many, between %(low)s and %(high)s.') % numbers}"


def proof_picture(proof: Proof) -> Picture:
    """Contacts of the corrected customers, week by week around the correction."""
    after, before = gettext("after the correction"), gettext("before it")
    rows = [{"week": week, "what": after if week >= 0 else before, "count": count} for week, count in proof.weeks]
    most = max((count for _, count in proof.weeks), default=1) or 1
    weeks = len(proof.weeks) // 2
    return picture(
        title=gettext("Contacts about this, by week from the correction"),
        words=proof_words(proof),
        data={"proof": rows},
        wide=_proof_spec(before, after, width=_HALF_PX, weeks=weeks, most=most),
        narrow=_proof_spec(before, after, width=_NARROW_PX, weeks=weeks, most=most),
        table=Table(
            (gettext("Week"), gettext("Contacts")), tuple((f"{week:+d}", str(count)) for week, count in proof.weeks)
        ),
    )


@lru_cache(maxsize=32)
def _proof_spec(before: str, after: str, *, width: int, weeks: int, most: int) -> Spec:
    step = max(1, -(-most // _MOST_TICKS))
    colours = alt.Scale(domain=[before, after], range=[token("ink-3"), token("accent")])
    x = alt.X("week:O", axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False))
    y = alt.Y("count:Q", axis=alt.Axis(values=list(range(0, most + step, step)), format="d"))
    legend = alt.Legend(
        orient="top",
        title=None,
        labelLimit=width - 40,
        labelColor=token("ink-2"),
        labelFontSize=12,
        symbolType="square",
    )
    bars = (
        alt.Chart(alt.NamedData("proof"))
        .mark_bar()
        .encode(x=x, y=y, color=alt.Color("what:N", scale=colours, legend=legend))
    )
    return spec_of(bars.properties(width=width - _AXIS_PX, height=_TALL_PX))


def _times(value: float) -> str:
    return "\N{INFINITY}" if math.isinf(value) else f"{value:.2f}"
