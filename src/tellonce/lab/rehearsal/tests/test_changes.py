"""Each change does to the scenario what it says, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from tellonce.lab.rehearsal import (
    Base,
    CallbacksChange,
    CallsChange,
    Change,
    HoursChange,
    MenuChange,
    PeopleChange,
    PressureChange,
    PriorityChange,
    RehearsalInputError,
    SiteAdded,
    SiteLost,
    SkillsChange,
    changed,
    digest,
    read,
    rehearse,
    written,
)  # fmt: skip
from tellonce.lab.simulation import Person, Scenario
from tellonce.lab.simulation.examples import provider

BASE = Base(provider(people=40, days=7, contacts_a_day=900), first_weekday=2)  # a Wednesday


def hours(made: Scenario) -> float:
    return sum(shift.end_s - shift.start_s for person in made.people for shift in person.shifts) / 3600


def at_work(made: Scenario, day: int, hour: float) -> int:
    moment = (day * 24 + hour) * 3600
    return sum(any(s.start_s <= moment < s.end_s for s in person.shifts) for person in made.people)


def calls(made: Scenario) -> np.ndarray:
    return np.asarray(np.sum([stream.arrivals for stream in made.streams], axis=0))


def test_people_come_and_go_on_the_days_and_in_the_hours_that_were_said() -> None:
    more = changed(BASE, [PeopleChange(3, 9, 12, (0, 2))])
    assert hours(more) == pytest.approx(hours(BASE.scenario) + 3 * 3 * 2)
    assert [at_work(more, day, 10) - at_work(BASE.scenario, day, 10) for day in range(7)] == [3, 0, 0, 0, 0, 3, 0]
    fewer = changed(BASE, [PeopleChange(-2, 10, 11, (2,))])
    assert [at_work(fewer, 0, hour) - at_work(BASE.scenario, 0, hour) for hour in (9.5, 10.5, 11.5)] == [0, -2, 0]
    away = changed(BASE, [PeopleChange(-1, 10, 11, (2,), site="partner")])
    assert {p.name for p in away.people if p.shifts != _same(p.name).shifts} <= _of("partner")


def _same(name: str) -> Person:
    return next(person for person in BASE.scenario.people if person.name == name)


def _of(place: str) -> set[str]:
    return {person.name for person in BASE.scenario.people if place in {person.site, person.partner}}


def test_sites_skills_and_priorities() -> None:
    new = changed(BASE, [SiteAdded("coast", 5, 8, 16, is_partner=True, pace=1.2)]).people[40:]
    assert [(person.partner, person.pace) for person in new] == [("coast", 1.2)] * 5
    assert {person.name for person in changed(BASE, [SiteLost("partner")]).people} == _of("east") | _of("west")
    able = sum("business" in person.skills for person in BASE.scenario.people)
    for count in (4, -4):
        made = changed(BASE, [SkillsChange("business", count)])
        assert sum("business" in person.skills for person in made.people) == able + count
    behind = changed(BASE, [PriorityChange("billing", -240.0)])
    steps = {s.skill: s.priority for s in behind.streams}
    assert (steps["billing"], steps["internet"], steps["business"]) == (0, 2, 3)


def test_calls_menus_callbacks_and_pressure() -> None:
    storm = changed(BASE, [CallsChange(2.0, area="north", from_day=2, days=1)])
    for before, after in zip(BASE.scenario.streams, storm.streams, strict=True):
        factor = np.array(after.arrivals) / np.where(np.array(before.arrivals) > 0, before.arrivals, np.nan)
        day = np.arange(len(factor)) // 96
        expected = np.where((day == 1) & (before.area == "north"), 2.0, 1.0)
        assert np.nanmax(np.abs(factor - expected)) == pytest.approx(0)
    menus = changed(BASE, [MenuChange(0.1, 0.02, skills=("mobile",))]).menus
    assert {name for menu in menus for name in menu.streams} == {
        "billing north", "billing south", "mobile north", "mobile south",
    }  # fmt: skip
    assert changed(BASE, [CallbacksChange(is_on=False)]).callbacks is None
    hurried = changed(BASE, [PressureChange(0.9, 0.05)])
    assert hurried.pressure.service == pytest.approx(0.97 * 0.9)
    assert hurried.matters[0].solved == pytest.approx(0.8 - 0.05 / 0.5)


def test_calls_outside_opening_hours_come_while_it_is_open_or_stay_away() -> None:
    short = changed(BASE, [HoursChange(9, 17, (2,), moved=0.5)])
    day, hour = np.divmod(np.arange(7 * 96), 96)
    before, after = calls(BASE.scenario), calls(short)
    outside = (day == 0) & ((hour < 36) | (hour >= 68))
    assert after[outside].sum() == 0
    assert after[day == 0].sum() == pytest.approx(before[day == 0].sum() - 0.5 * before[outside].sum())
    assert after[day > 0] == pytest.approx(before[day > 0])
    assert at_work(short, 0, 8.5) == at_work(short, 0, 17.5) == 0
    late = changed(BASE, [HoursChange(6, 23, drawn=0.1, people=2)])
    assert calls(late).sum() == pytest.approx(before.sum())
    assert (at_work(late, 0, 22.5), at_work(late, 0, 6.5)) == (2, 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (PeopleChange(2, 8, 33), "to_h"),
        (PeopleChange(0, 8, 12), "count"),
        (PeopleChange(1, 8, 12, skills=("juggling",)), "skills"),
        (SkillsChange("billing", 41), "count"),
        (SiteLost("moon"), "name"),
        (MenuChange(0.9, 0.2), "lost"),
        (MenuChange(-0.1, 0.2), "solved"),
        (CallsChange(-1.0), "factor"),
        (CallsChange(float("nan")), "factor"),
        (PressureChange(0.0), "factor"),
        (SiteAdded("coast", 5, 8, 12, pace=0.0), "pace"),
    ],
)
def test_what_cannot_be_is_refused_where_it_was_said(change: Change, field: str) -> None:
    with pytest.raises(RehearsalInputError) as refused:
        changed(BASE, [change])
    assert refused.value.field == field


def test_from_stored_inputs_in_parts_it_comes_to_the_same() -> None:
    text = written(BASE)
    assert digest(text) == digest(written(read(text)))
    policy = (PeopleChange(-4, 8, 18),)
    whole = rehearse(BASE, policy, replications=4, target_share=0.8, seed=9)
    parts = [rehearse(read(text), policy, replications=2, first=n, target_share=0.8, seed=9) for n in (0, 2)]
    assert whole is not None
    assert parts[0] is not None
    assert parts[1] is not None
    assert parts[0].joined(parts[1]) == whole
    assert whole.joined(parts[0]) == whole
    now = rehearse(BASE, (), replications=4, target_share=0.8, seed=9)
    assert now is not None
    assert float(whole.beside(now, "in_time").high) < 0
    assert set(now.names("area")) == {"north", "south"}


def test_without_a_partner_that_had_a_share_the_others_are_simulated() -> None:
    assert "partner" in BASE.scenario.rules.shares
    alone = rehearse(BASE, [SiteLost("partner")], replications=1, target_share=0.8)
    assert alone is not None
    assert alone.estimate("hours").mean < hours(BASE.scenario)


def test_the_base_stays_as_it_is() -> None:
    before = written(BASE)
    changed(BASE, [PeopleChange(-3, 8, 20), SkillsChange("mobile", 2), CallsChange(1.5)])
    assert written(replace(BASE)) == before
