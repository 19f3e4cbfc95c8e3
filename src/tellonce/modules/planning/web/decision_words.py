"""A policy, and what it does, in plain sentences."""

from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext, ngettext

from tellonce.lab.rehearsal import (
    EVERY_DAY,
    CallbacksChange,
    CallsChange,
    Change,
    HoursChange,
    MenuChange,
    PeopleChange,
    PressureChange,
    PriorityChange,
    Seen,
    SiteAdded,
    SiteLost,
    SkillsChange,
)
from tellonce.lab.simulation.measures import Estimate, estimate
from tellonce.modules.planning.contracts.decisions import Policy
from tellonce.modules.planning.web.decision_forms import WEEKDAYS
from tellonce.modules.planning.web.wording import group_words

_WORKDAYS = (0, 1, 2, 3, 4)


def when_words(change: PeopleChange | HoursChange | SiteAdded) -> str:
    """On which days, from when until when."""
    begin, end = (change.opens_h, change.closes_h) if isinstance(change, HoursChange) else (change.from_h, change.to_h)
    days = tuple(sorted(change.weekdays))
    if days == EVERY_DAY:
        on = gettext("every day")
    elif days == _WORKDAYS:
        on = gettext("Mon to Fri")
    else:
        on = ", ".join(str(WEEKDAYS[day][1]) for day in days)
    return f"{on} {_clock(begin)}-{_clock(end)}"


def change_words(change: Change) -> str:
    """A change in words."""
    match change:
        case PeopleChange(count=count):
            many = ngettext("%(n)d person", "%(n)d people", abs(count)) % {"n": abs(count)}
            more = gettext("%(many)s more") if count > 0 else gettext("%(many)s fewer")
            words = _of(f"{more % {'many': many}}, {when_words(change)}", change.skills, change.site)
        case HoursChange():
            words = gettext("Open %(when)s") % {"when": when_words(change)}
        case SkillsChange():
            words = gettext("%(n)+d people can do %(skill)s") % {"n": change.count, "skill": change.skill}
        case PriorityChange():
            words = gettext("%(skill)s gets a head start of %(n)d s") % {
                "skill": change.skill,
                "n": change.head_start_s,
            }
        case SiteAdded():
            told = {"name": change.name, "n": change.people, "when": when_words(change)}
            words = _of(gettext("%(name)s answers too: %(n)d people, %(when)s") % told, change.skills)
        case SiteLost():
            words = gettext("%(name)s answers no longer") % {"name": change.name}
        case _:
            words = _calls_words(change)
    return words


def _calls_words(change: Change) -> str:
    match change:
        case CallbacksChange(is_on=False):
            return gettext("No callbacks")
        case CallbacksChange():
            told = {"n": change.above_s, "share": f"{change.accepted:.0%}"}
            return gettext("Callbacks offered above %(n)d s; %(share)s accept") % told
        case MenuChange():
            told = {"solved": f"{change.solved:.0%}", "lost": f"{change.lost:.0%}"}
            return _of(gettext("A menu in front solves %(solved)s and loses %(lost)s") % told, change.skills)
        case PressureChange():
            told = {"n": f"{change.factor:g}", "share": f"{change.more_repeats:.0%}"}
            return gettext("Conversations %(n)s times as long; %(share)s more come again") % told
        case CallsChange():
            words = gettext("%(n)s times as many calls") % {"n": f"{change.factor:g}"}
            if change.days:
                told = {"first": change.from_day, "last": change.from_day + change.days - 1}
                days = gettext("days %(first)d to %(last)d") % told
                words = f"{words}, {days}"
            return _of(words, change.skills, group_words("area", change.area))
    raise TypeError(change)


def sentences(policy: Policy, seen: Seen, now: Seen, *, within_s: int) -> list[str]:
    """What it does beside how it is: in the hours it is about, then altogether."""
    said = []
    slots = _slots(policy.changes)
    if slots:
        told = {"policy": policy.name, "when": _first_when(policy.changes), "n": within_s}
        told |= {"new": _interval(estimate(seen.kept_in(slots))), "old": _share(estimate(now.kept_in(slots)))}
        said.append(
            gettext("With “%(policy)s” the target is met in %(new)s of quarter hours %(when)s, instead of %(old)s.")
            % told
        )
    whole = {"new": _interval(seen.estimate("kept")), "old": _share(now.estimate("kept")), "name": policy.name}
    said.append(
        gettext("Over the whole period it is met in %(new)s of quarter hours instead of %(old)s.") % whole
        if slots
        else gettext("With “%(name)s” the target is met in %(new)s of quarter hours instead of %(old)s.") % whole
    )
    said.extend(
        words % {"points": _points(seen.beside(now, name))}
        for name, words in (
            ("in_time", gettext("Callers answered in time: %(points)s.")),
            ("abandoned", gettext("Callers who give up: %(points)s.")),
            ("repeats", gettext("Repeat contacts: %(points)s.")),
        )
        if differs(seen.beside(now, name))
    )
    if not any(differs(seen.beside(now, name)) for name in ("in_time", "abandoned", "kept")):
        said.append(gettext("No difference for callers shows above chance."))
    return said


def bearing(seen: Seen, now: Seen, group: str) -> list[tuple[str, str, str, str, bool]]:
    """For each area, matter or segment: its calls, answered in time as it is, the difference, whether it shows."""
    rows = []
    for name in now.names(group):
        if name not in seen.names(group):
            continue
        more = seen.beside(now, f"{group}/{name}/in_time")
        level = now.estimate(f"{group}/{name}/in_time")
        calls = float(np.nanmean(now.values(f"{group}/{name}/calls")))
        rows.append((group_words(group, name), f"{calls:,.0f}", _share(level), _points(more), differs(more)))
    return rows


def _slots(changes: Sequence[Change]) -> list[int]:
    """The hours of the week (0 to 167) that a policy with people or hours is about; none for the whole week."""
    chosen = set()
    for change in changes:
        if isinstance(change, PeopleChange):
            hours = range(int(change.from_h), int(np.ceil(change.to_h)))
            chosen |= {(day * 24 + hour) % 168 for day in change.weekdays for hour in hours}
    return sorted(chosen)


def _first_when(changes: Sequence[Change]) -> str:
    return next((when_words(change) for change in changes if isinstance(change, PeopleChange)), "")


def _clock(hours: float) -> str:
    minutes = round(hours * 60) % (24 * 60)
    return f"{minutes // 60}:{minutes % 60:02}" if hours != 24 else "24:00"  # noqa: PLR2004 - the end of the day


def _of(words: str, skills: Sequence[str], place: str = "") -> str:
    more = [*skills, *([place] if place else [])]
    return f"{words} ({', '.join(more)})" if more else words


def _share(value: Estimate) -> str:
    return f"{float(value.mean):.0%}"


def _interval(value: Estimate) -> str:
    return gettext("%(mean)s (%(low)s to %(high)s)") % {
        "mean": f"{float(value.mean):.0%}",
        "low": f"{max(float(value.low), 0.0):.0%}",
        "high": f"{min(float(value.high), 1.0):.0%}",
    }


def _points(value: Estimate) -> str:
    told = {name: f"{100 * float(getattr(value, name)):+z.1f}" for name in ("mean", "low", "high")}
    return gettext("%(mean)s points (%(low)s to %(high)s)") % told


def differs(value: Estimate) -> bool:
    """Whether a difference shows above chance."""
    return bool(np.isfinite(value.low) and (value.low > 0 or value.high < 0))
