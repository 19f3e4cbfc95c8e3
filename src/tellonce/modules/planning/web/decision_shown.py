"""What the page of a decision shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.translation import gettext, ngettext

from tellonce.kernel.money import major_units
from tellonce.lab.rehearsal import Seen
from tellonce.modules.planning.contracts.decisions import (
    AS_IT_IS,
    MOST_POLICIES,
    ArrivalsFrom,
    DecisionState,
    Policy,
)
from tellonce.modules.planning.models import Decision
from tellonce.modules.planning.queries import decisions as queries
from tellonce.modules.planning.queries.looking_back import CallsBack, LookBack, looked_back
from tellonce.modules.planning.web.decision_effects import Standing, effects_picture
from tellonce.modules.planning.web.decision_forms import CHANGE_FORMS, ChangeForm
from tellonce.modules.planning.web.decision_pictures import measure_picture, waits_picture
from tellonce.modules.planning.web.decision_words import bearing, change_words, sentences
from tellonce.modules.planning.web.wording import model_words
from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.gate import may_open_named
from tellonce.webkit.charts import Picture

_FAR_OFF = 0.1
_GROUPS = ("area", "matter", "segment")


@dataclass(frozen=True, slots=True)
class Shown:
    """One policy of the page: its changes in words, what came out, what it costs, who bears it."""

    place: int
    policy: Policy
    changes: list[str]
    replications: int
    says: list[str]
    bears: list[tuple[str, list[tuple[str, str, str, str, bool]]]]
    effects: Picture | None
    cost: str


def shown(found: Decision, *, person: Person, now: datetime, form: ChangeForm | None = None) -> dict[str, Any]:
    """All of the page."""
    policies, results = queries.policies_of(found), queries.results_of(found)
    rows = [(policy, results[policy.key]) for policy in policies if policy.key in results]
    may_write = may_open_named("decision_change", person) and found.settled_at is None
    return {
        "decision": found,
        "rehearsal": found.rehearsal,
        "about": found.rehearsal.about,
        "first_day": _day_of(found.rehearsal.about.get("first_day")),
        "queues": queries.queues_of(found),
        "policies": [_shown(found, place, policy, results) for place, policy in enumerate(policies)],
        "pictures": _pictures(rows) if rows else [],
        "waits": waits_picture(rows) if rows else None,
        "is_moving": queries.is_moving(found),
        "is_rehearsed": found.state == DecisionState.REHEARSED,
        "may_write": may_write,
        "may_add": may_write and found.state != DecisionState.REHEARSING and bool(found.rehearsal.base_digest),
        "has_room": len(policies) <= MOST_POLICIES,
        "form": form,
        "kinds": [(kind, each.title) for kind, each in CHANGE_FORMS.items() if _makes_sense(kind, found)],
        "looked_back": [_looked(found, each) for each in _begun(looked_back(found, now=now))],
        "forecasts": [(each, model_words(each.model)) for each in queries.forecasts_used(found)],
        "share_done": found.rehearsal.done / found.rehearsal.wanted if found.rehearsal.wanted else 0.0,
        "fit": _fit(found.rehearsal.about, results.get(AS_IT_IS)),
        "is_far_off": _is_far_off(found.rehearsal.about, results.get(AS_IT_IS)),
    }


def _day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _makes_sense(kind: str, found: Decision) -> bool:
    return kind != "site-lost" or bool(found.rehearsal.about.get("places"))


def _shown(found: Decision, place: int, policy: Policy, results: Mapping[str, Seen]) -> Shown:
    seen, now = results.get(policy.key), results.get(AS_IT_IS)
    is_compared = seen is not None and now is not None and policy.key != AS_IT_IS
    names = {"area": gettext("Area"), "matter": gettext("Matter"), "segment": gettext("Segment")}
    bears = [(names[group], bearing(seen, now, group)) for group in _GROUPS] if is_compared and seen and now else []
    return Shown(
        place=place - 1,
        policy=policy,
        changes=[change_words(change) for change in policy.changes],
        replications=len(seen.replications) if seen else 0,
        says=sentences(policy, seen, now, within_s=found.answer_within_s) if is_compared and seen and now else [],
        bears=[(name, lines) for name, lines in bears if lines],
        effects=effects_picture(policy, seen, now, _standing(found)) if policy.changes else None,
        cost=_cost(found, seen, now) if seen else "",
    )


def _standing(found: Decision) -> Standing:
    about, currency = found.rehearsal.about, settings.SETUP.currency
    return Standing(
        weeks=max(about.get("days", 7) / 7, 1e-9),
        hour_cost=float(major_units(found.hour_cost_minor, currency)),
        follows_callers=bool(about.get("follows_callers")),
    )


def _cost(found: Decision, seen: Seen, now: Seen | None) -> str:
    """Hours at work in a week, and what they cost."""
    weeks = max(found.rehearsal.about.get("days", 7) / 7, 1e-9)
    hours = float(seen.estimate("hours").mean) / weeks
    words = ngettext("%(n)s hour at work a week", "%(n)s hours at work a week", round(hours)) % {"n": f"{hours:,.0f}"}
    if found.hour_cost_minor:
        cost = hours * _standing(found).hour_cost
        words = f"{words}, {cost:,.0f} {settings.SETUP.currency}"
    if now is not None and now is not seen:
        more = float(seen.beside(now, "hours").mean) / weeks
        words = f"{words} ({more:+z,.0f} h)"
    return words


def _pictures(rows: list[tuple[Policy, Seen]]) -> list[Picture]:
    wanted = (
        ("kept", gettext("Quarter hours that meet the target"), True),
        ("in_time", gettext("Callers answered in time"), True),
        ("abandoned", gettext("Callers who give up"), True),
        ("repeats", gettext("Repeat contacts"), True),
        ("occupancy", gettext("Time at work spent with callers"), True),
        ("hours", gettext("Hours at work in the period"), False),
    )
    return [
        measure_picture(rows, name, title=title, as_share=share)
        for name, title, share in wanted
        if any(seen.values(name).any() for _, seen in rows)
    ]


def _fit(about: Mapping[str, Any], now: Seen | None) -> list[tuple[str, str, str]]:
    """How near the rehearsal of "as it is" comes to what was seen: name, seen, rehearsed."""
    seen = about.get("seen") or {}
    if now is None or seen.get("in_time") is None:
        return []
    return [
        (words, _told(name, seen[name]), _told(name, float(now.estimate(name).mean)))
        for name, words in _measures().items()
        if seen.get(name) is not None
    ]


def _is_far_off(about: Mapping[str, Any], now: Seen | None) -> bool:
    """Whether the rehearsal of how it is misses what was seen by so much that its differences mean little.

    One on other calls than those seen is not held to them.
    """
    in_time = (about.get("seen") or {}).get("in_time")
    if now is None or in_time is None or about.get("arrivals") == ArrivalsFrom.FORECAST:
        return False
    return bool(abs(float(now.estimate("in_time").mean) - in_time) > _FAR_OFF)


def _begun(backs: tuple[LookBack, ...]) -> list[LookBack]:
    """Those that say more than the one before: after ten days the first 30 days are begun, the first 90 are not."""
    return [each for place, each in enumerate(backs) if place == 0 or each.so_far > backs[place - 1].days]


def _looked(found: Decision, back: LookBack) -> dict[str, Any]:
    promised = found.taken.get("promised", {})
    rows = []
    for name, words in _measures().items():
        if name not in promised:
            continue
        mean, low, high = promised[name]
        actual = back.seen.get(name)
        rows.append((
            words,
            f"{_told(name, mean)} ({_told(name, low)} - {_told(name, high)})",
            _told(name, actual) if actual is not None else "",
            actual is not None and low <= actual <= high,
        ))  # fmt: skip
    return {
        "days": back.days,
        "so_far": back.so_far,
        "rows": rows,
        "calls": back.seen.get("calls", 0),
        "forecast": _forecast_words(back.calls),
    }


def _forecast_words(calls: CallsBack | None) -> str:
    """Whether as many called as was forecast."""
    if calls is None:
        return ""
    told: dict[str, object] = {
        "n": calls.days,
        "expected": f"{calls.expected:,.0f}",
        "came": f"{calls.came:,.0f}",
        "inside": f"{calls.inside:.0%}",
    }
    told["more"] = f"{calls.came / max(calls.expected, 1e-9) - 1:+.0%}"
    words = ngettext(
        "Calls on the %(n)d day that was forecast: %(expected)s expected, %(came)s came (%(more)s).",
        "Calls on the %(n)d days that were forecast: %(expected)s expected, %(came)s came (%(more)s).",
        calls.days,
    )
    inside = gettext("In %(inside)s of the intervals they lay where 8 of 10 should.")
    return f"{words % told} {inside % told}"


def _measures() -> dict[str, str]:
    return {
        "kept": gettext("Quarter hours that meet the target"),
        "in_time": gettext("Callers answered in time"),
        "abandoned": gettext("Callers who give up"),
        "p50": gettext("Half are answered within"),
        "p90": gettext("9 of 10 are answered within"),
    }


def _told(name: str, value: float) -> str:
    if not np.isfinite(value):
        return ""
    return f"{value:.0f} s" if name.startswith("p") else f"{value:.1%}"
