"""What a policy sets off: every kind of change leads to the waits, with sizes as they were rehearsed, and no others."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from tellonce.lab.rehearsal import (
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
from tellonce.modules.planning.contracts.decisions import Policy
from tellonce.modules.planning.web.decision_effects import Standing, effects_picture
from tellonce.webkit.charts import Picture

CHANGES: tuple[Change, ...] = (
    PeopleChange(2, 8, 12),
    PeopleChange(-2, 8, 12),
    HoursChange(8, 20),
    SkillsChange("bills", 2),
    PriorityChange("bills", 60),
    CallbacksChange(),
    SiteAdded("coast", 3, 8, 12),
    SiteLost("coast"),
    MenuChange(0.1, 0.02),
    PressureChange(0.9, 0.03),
    CallsChange(1.3),
)
TWO_WEEKS = Standing(weeks=2.0, hour_cost=30.0, follows_callers=True)
_MEASURES = ("calls", "hours", "occupancy", "p90", "in_time", "abandoned", "repeats", "redials", "callbacks")


def _seen(**values: float) -> Seen:
    wiggle = np.array([-0.01, 0.0, 0.01])
    rows = {name: (values.get(name, 0.5) + wiggle * values.get(name, 0.5)).tolist() for name in _MEASURES}
    return Seen((0, 1, 2), rows, ())


NOW = _seen(hours=1000, p90=100, in_time=0.7, abandoned=0.1, calls=5000)


def _picture(change: Change, *, seen: Seen | None = None, now: Seen | None = None, **more: object) -> Picture:
    return effects_picture(Policy("Try", (change,)), seen, now, replace(TWO_WEEKS, **more))  # type: ignore[arg-type]


def _sizes(picture: Picture) -> Mapping[str, str]:
    assert picture.table is not None
    return {effect: size for _cause, effect, size, _why in picture.table.rows}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.kind}{getattr(change, 'count', '')}")
def test_every_change_leads_to_the_waits_and_on_to_who_leaves(change: Change) -> None:
    table = _picture(change).table
    assert table is not None
    follows = {effect for cause, effect, *_ in table.rows}
    reached = {table.rows[0][0]}
    while more := {effect for cause, effect, *_ in table.rows if cause in reached} - reached:
        reached |= more
    assert "9 of 10 are answered within" in reached
    assert "Customers who leave" in reached
    assert follows <= reached | {"Calls in a week"}
    assert {effect: why for _, effect, _, why in table.rows}["Customers who leave"].startswith("not rehearsed: ")


def test_sizes_are_differences_in_a_week_with_their_interval() -> None:
    more = _seen(hours=1024, p90=80, in_time=0.75, abandoned=0.08, calls=5000)
    sizes = _sizes(_picture(PeopleChange(2, 8, 12), seen=more, now=NOW))
    assert sizes["Hours at work in a week"].startswith("+12 h (")
    assert sizes["Cost of a week"].startswith("+360 USD (")
    assert sizes["9 of 10 are answered within"].startswith("-20.0 s (")
    assert sizes["Answered in time"].startswith("+5.0 points (")
    assert sizes["Give up"].startswith("-2.0 points (")
    assert sizes["Come again, unsolved"].endswith("within chance")


def test_better_and_worse_are_told_apart_and_chance_is_neither() -> None:
    def tones(seen: Seen) -> set[str]:
        svg = _picture(PeopleChange(2, 8, 12), seen=seen, now=NOW).wide
        return {tone for tone in ("good", "bad") if f'fill="var(--{tone})"' in svg}

    assert tones(NOW) == set()
    assert tones(replace(NOW, rows={**NOW.rows, "p90": _seen(p90=50).rows["p90"]})) == {"good"}
    assert tones(replace(NOW, rows={**NOW.rows, "in_time": _seen(in_time=0.5).rows["in_time"]})) == {"bad"}


def test_without_a_rehearsal_and_from_one_of_long_ago_it_stands_without_sizes() -> None:
    drafted = _picture(PressureChange(0.9, 0.03))
    assert drafted.words == "Length of conversations: 0.9 times; Customers who leave: not rehearsed"
    old = replace(NOW, rows={name: values for name, values in NOW.rows.items() if name not in {"redials", "callbacks"}})
    assert _sizes(_picture(CallbacksChange(), seen=old, now=old))["Callbacks in a week"] == ""


def test_calls_again_are_not_rehearsed_where_callers_cannot_be_followed() -> None:
    sizes = _sizes(_picture(PeopleChange(2, 8, 12), seen=NOW, now=NOW, follows_callers=False))
    assert sizes["Call again at once"] == sizes["Come again, unsolved"] == "not rehearsed"
    assert "Calls in a week" not in sizes
