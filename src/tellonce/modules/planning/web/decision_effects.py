"""What a policy sets off, up- and downstream, as a drawing: how much, and what is seen, assumed or not rehearsed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypedDict, get_args

import numpy as np
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.lab.rehearsal import Change, PeopleChange, PressureChange, Seen
from tellonce.lab.simulation.measures import Estimate
from tellonce.modules.planning.contracts.decisions import Policy
from tellonce.modules.planning.web.decision_words import change_words, differs
from tellonce.webkit.charts import Picture, Table
from tellonce.webkit.graphs import Edge, Node, Sureness, Tone, graph

_LEVER, _FIRST, _MIDDLE, _AFTER, _LAST = range(5)
_ROW_OF_WAITS, _ROW_AFTER, _LAST_ROW = 3, 4, 5
Key = Literal["calls", "people", "talk", "order", "callbacks"]
_FIRSTS: tuple[Key, ...] = get_args(Key)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision's figures are told in: weeks of its period, cost of an hour, whether callers call again in it."""

    weeks: float
    hour_cost: float
    follows_callers: bool


class _Told(TypedDict):
    """How differences of a measure are told."""

    unit: str
    form: str
    each: float


@dataclass(frozen=True, slots=True)
class Effect:
    """A box with the words of its size."""

    node: Node
    size: str


@dataclass(frozen=True, slots=True)
class Cause:
    """An arrow, and what says so."""

    edge: Edge
    why: str


def effects_picture(policy: Policy, seen: Seen | None, now: Seen | None, standing: Standing) -> Picture:
    """The drawing; without sizes where the policy, or how it is, is not rehearsed yet."""
    causes = _causes(policy, standing)
    used = {key for cause in causes for key in (cause.edge.source, cause.edge.target)}
    effects = [each for each in _effects(policy, _Sizes(seen, now, standing)) if each.node.key in used]
    title = gettext("What “%(policy)s” sets off") % {"policy": policy.name}
    sized = [f"{each.node.title}: {each.size}" for each in effects if each.size]
    words = "; ".join(sized) or gettext("Not rehearsed yet: what leads to what, without how much.")
    return graph(
        title=title,
        words=words,
        nodes=[each.node for each in effects],
        edges=[each.edge for each in causes],
        table=_table(effects, causes),
    )


class _Sizes:
    """How much more a policy has of a measure than how it is, in words."""

    def __init__(self, seen: Seen | None, now: Seen | None, standing: Standing) -> None:
        self.seen, self.now, self.standing = seen, now, standing

    def effect(
        self, key: str, place: tuple[int, int], title: str, measure: str, *, unit: str = "", form: str = "+z,.0f",
        each: float = 1.0, less_is_good: bool | None = None,
    ) -> Effect:  # fmt: skip
        """A box for a measure whose values, times `each`, are told in this form and unit."""
        more = self._more(measure)
        if more is None:
            return Effect(Node(key, *place, title), "")
        mean, low, high = (f"{each * float(value):{form}}" for value in (more.mean, more.low, more.high))
        mean = f"{mean} {unit}".strip()
        between = gettext("%(low)s to %(high)s") % {"low": low, "high": high} if np.isfinite(more.low) else ""
        tone: Tone = "" if less_is_good is None else "good" if (more.mean < 0) == less_is_good else "bad"
        chance = "" if differs(more) else gettext("within chance")
        size = ", ".join(word for word in (f"{mean} ({between})" if between else mean, chance) if word)
        return Effect(Node(key, *place, title, mean, between, "quiet" if chance else tone), size)

    def _more(self, measure: str) -> Estimate | None:
        if self.seen is None or self.now is None or not {measure} <= self.seen.rows.keys() & self.now.rows.keys():
            return None
        more = self.seen.beside(self.now, measure)
        return more if np.isfinite(more.mean) else None


def _effects(policy: Policy, sizes: _Sizes) -> list[Effect]:
    a_week, cost = 1 / sizes.standing.weeks, sizes.standing.hour_cost
    money = _Told(unit=settings.SETUP.currency, form="+z,.0f", each=a_week * cost)
    levers = [
        Effect(Node(f"lever {place}", _LEVER, 0, change_words(change)), "")
        for place, change in sorted(enumerate(policy.changes), key=lambda each: _FIRSTS.index(_touched(each[1])[0][0]))
    ]
    unknown, shares = gettext("not rehearsed"), _Told(unit=gettext("points"), form="+z.1f", each=100.0)
    again = sizes.standing.follows_callers
    at = (_LAST, _LAST_ROW)
    return [
        *levers,
        sizes.effect("calls", (_FIRST, 1), gettext("Calls in a week"), "calls", each=a_week),
        sizes.effect("people", (_FIRST, 1), gettext("Hours at work in a week"), "hours", unit="h", each=a_week),
        Effect(Node("talk", _FIRST, 1, gettext("Length of conversations"), _pace(policy)), _pace(policy)),
        sizes.effect("busy", (_MIDDLE, 2), gettext("Time at work spent with callers"), "occupancy", **shares),
        Effect(Node("order", _FIRST, 2, gettext("Who takes which call")), ""),
        sizes.effect("callbacks", (_FIRST, 2), gettext("Callbacks in a week"), "callbacks", each=a_week),
        sizes.effect(
            "waits", (_MIDDLE, _ROW_OF_WAITS), gettext("9 of 10 are answered within"), "p90", unit="s", form="+z,.1f",
            less_is_good=True,
        ),
        sizes.effect("cost", (_MIDDLE, 2), gettext("Cost of a week"), "hours", **money),
        sizes.effect(
            "in time", (_AFTER, _ROW_AFTER), gettext("Answered in time"), "in_time", **shares, less_is_good=False
        ),
        sizes.effect(
            "gave up", (_AFTER, _ROW_AFTER), gettext("Give up"), "abandoned", **shares, less_is_good=True
        ),
        sizes.effect("repeats", at, gettext("Come again, unsolved"), "repeats", **shares, less_is_good=True)
        if again
        else Effect(Node("repeats", *at, gettext("Come again, unsolved"), unknown, tone="quiet"), unknown),
        sizes.effect(
            "redials", at, gettext("Call again at once"), "redials", each=a_week, less_is_good=True
        )
        if again
        else Effect(Node("redials", *at, gettext("Call again at once"), unknown, tone="quiet"), unknown),
        Effect(Node("leave", *at, gettext("Customers who leave"), unknown, tone="quiet"), unknown),
    ]  # fmt: skip


def _causes(policy: Policy, standing: Standing) -> list[Cause]:
    own = [
        Cause(Edge(f"lever {place}", key, sureness), str(why))
        for place, change in enumerate(policy.changes)
        for key, sureness, why in _touched(change)
    ]
    touched = {cause.edge.target for cause in own} | ({"calls"} if standing.follows_callers else set())
    simulated = gettext("simulated with talk times and routing learned here")
    learned = gettext("learned from your call records")
    middle = {"calls": "busy", "people": "busy", "talk": "busy", "order": "waits", "callbacks": "waits"}
    causes = own + [Cause(Edge(key, then), simulated) for key, then in middle.items() if key in touched]
    if "people" in touched and standing.hour_cost:
        causes.append(Cause(Edge("people", "cost"), gettext("hours times what you said an hour costs")))
    causes += [
        Cause(Edge("busy", "waits"), simulated),
        Cause(Edge("waits", "in time"), simulated),
        Cause(Edge("waits", "gave up"), gettext("their patience is %(how)s") % {"how": learned}),
    ]
    if not {"calls", "people", "talk"} & touched:
        causes = [cause for cause in causes if cause.edge.source != "busy"]
    return causes + _again(policy, standing, learned)


def _again(policy: Policy, standing: Standing, learned: str) -> list[Cause]:
    """Who calls again, and who leaves, as far as it is rehearsed."""
    leave = Cause(Edge("gave up", "leave", "unknown"), gettext("no data here say how many"))
    if not standing.follows_callers:
        why = gettext("too few callers can be followed in these records: calls come as they were counted")
        return [
            Cause(Edge("in time", "repeats", "unknown"), why),
            Cause(Edge("gave up", "redials", "unknown"), why),
            leave,
        ]
    is_said = any(isinstance(each, PressureChange) and each.more_repeats for each in policy.changes)
    unsolved = Cause(
        Edge("in time", "repeats", "assumed" if is_said else "sure"),
        gettext("how many more are not solved is assumed") if is_said else learned,
    )
    return [
        unsolved,
        Cause(Edge("gave up", "redials"), learned),
        Cause(Edge("repeats", "calls"), learned),
        Cause(Edge("redials", "calls"), learned),
        leave,
    ]


def _touched(change: Change) -> tuple[tuple[Key, Sureness, Promise], ...]:
    """What a change touches first, how sure that is, and why."""
    if isinstance(change, PeopleChange) and change.count < 0:
        return (_WHO_IS_THERE,)
    return _TOUCHES[change.kind]


_WHO_IS_THERE: tuple[Key, Sureness, Promise] = ("people", "sure", _("who is at work when is seen"))
_REACTION: tuple[Key, Sureness, Promise] = ("calls", "assumed", _("how callers react is assumed"))
_TOUCHES: Mapping[str, tuple[tuple[Key, Sureness, Promise], ...]] = {
    "people": (("people", "assumed", _("that the new people talk as fast as the others is assumed")),),
    "hours": (_REACTION, _WHO_IS_THERE),
    "skills": (("order", "assumed", _("their pace is assumed")),),
    "priority": (("order", "sure", _("the rule is simulated as it is said")),),
    "callbacks": (("callbacks", "assumed", _("how many accept is assumed")),),
    "site_added": (("people", "assumed", _("their pace is assumed")),),
    "site_lost": (_WHO_IS_THERE,),
    "menu": (("calls", "assumed", _("what it solves and loses is assumed")),),
    "pressure": (("talk", "assumed", _("how much shorter they get is assumed")),),
    "calls": (_REACTION,),
}


def _table(effects: list[Effect], causes: list[Cause]) -> Table:
    by_key = {each.node.key: each for each in effects}
    sure = {"sure": gettext("the data say so"), "unknown": gettext("not rehearsed")}
    rows = [
        (
            by_key[cause.edge.source].node.title,
            by_key[cause.edge.target].node.title,
            by_key[cause.edge.target].size,
            f"{sure[cause.edge.sureness]}: {cause.why}" if cause.edge.sureness in sure else cause.why,
        )
        for cause in causes
    ]
    heads = (gettext("Cause"), gettext("Effect"), gettext("How much"), gettext("What says so"))
    return Table(heads, tuple(rows), is_words=True)


def _pace(policy: Policy) -> str:
    factors = [each.factor for each in policy.changes if isinstance(each, PressureChange)]
    return gettext("%(n)s times") % {"n": f"{np.prod(factors):g}"} if factors else ""
