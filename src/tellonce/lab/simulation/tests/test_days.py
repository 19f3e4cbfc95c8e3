"""Days with all that can happen: nothing is lost, policies meet the same callers, and rules do what they say."""

from dataclasses import fields, replace

import numpy as np
import pytest

from tellonce.lab.routing import Group, Line, Rules, choose_contact, routing_plan
from tellonce.lab.simulation import (
    Break,
    Callbacks,
    Constant,
    Exponential,
    Matter,
    Menu,
    Outage,
    Outcome,
    Patience,
    Person,
    Pressure,
    Scenario,
    Shift,
    Stream,
    difference,
    estimate,
    measures,
    simulate,
)
from tellonce.lab.simulation import outcome as columns
from tellonce.lab.simulation.contracts import DAY_S
from tellonce.lab.simulation.examples import one_queue, provider
from tellonce.lab.simulation.outcome import HUNG_UP, WAS_ANSWERED

DAY = provider(people=60, days=1, contacts_a_day=4_000)


def same(one: Outcome, other: Outcome) -> bool:
    pairs = [(getattr(one, field.name), getattr(other, field.name)) for field in fields(Outcome)]
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


def total(outcome: Outcome, column: int, *streams: str) -> float:
    return float(measures.totals(outcome, column, streams=streams).sum())


def test_every_contact_that_enters_ends_in_one_way() -> None:
    outcome = simulate(DAY, replications=3, seed=2, record=True)
    ends = (columns.ANSWERED, columns.ABANDONED, columns.SHORT, columns.UNANSWERED, columns.WAITING)
    counts = outcome.counts
    assert np.array_equal(counts[..., columns.ENTERED], counts[..., list(ends)].sum(axis=-1))
    assert all(counts[..., column].sum() > 0 for column in range(columns.COLUMNS))
    contacts = outcome.contacts
    assert contacts is not None
    assert (~contacts.is_leg).sum() == counts[..., columns.ENTERED].sum()
    assert ((contacts.ended == WAS_ANSWERED) & ~contacts.is_leg).sum() == counts[..., columns.ANSWERED].sum()
    waits = (contacts.left_s - contacts.entered_s)[(contacts.ended == WAS_ANSWERED) & ~contacts.is_leg]
    for share in (0.5, 0.9, 0.99):
        pooled = measures._quantiles(outcome.histogram.sum(axis=(0, 1)), share)
        assert pooled == pytest.approx(np.quantile(waits, share), rel=0.02)
    assert (outcome.busy_s <= outcome.staffed_s + 1e-6).all()


def test_two_and_three_replications_are_five_on_any_number_of_threads() -> None:
    five = simulate(DAY, replications=5, seed=3, workers=1)
    parts = simulate(DAY, replications=2, seed=3).joined(simulate(DAY, replications=3, first=2, seed=3, workers=2))
    assert same(five, parts)
    assert len({tuple(row) for row in five.counts.sum(axis=(1, 2))}) == 5


def test_progress_is_told_and_a_cancelled_run_keeps_what_is_done() -> None:
    told: list[tuple[int, int]] = []
    outcome = simulate(
        DAY, replications=6, seed=3, workers=1, on_progress=lambda done, of: told.append((done, of)),
        is_cancelled=lambda: len(told) == 4,
    )  # fmt: skip
    assert told == [(1, 6), (2, 6), (3, 6), (4, 6)]
    assert outcome.replications.tolist() == [0, 1, 2, 3]


def test_policies_meet_the_same_callers() -> None:
    plain = one_queue(calls_per_hour=300, aht_s=200, people=18, patience_s=200, hours=6)
    as_is = simulate(plain, replications=12, seed=4)
    more = simulate(replace(plain, people=(*plain.people, replace(plain.people[0], name="one more"))),
                    replications=12, seed=4)  # fmt: skip
    assert np.array_equal(measures.totals(as_is, columns.ENTERED), measures.totals(more, columns.ENTERED))
    levels = measures.service_level(as_is), measures.service_level(more)
    paired, alone = difference(*levels), estimate(levels[0])
    assert paired.low > 0
    assert paired.high - paired.low < 0.7 * (alone.high - alone.low)


def small(**changed: object) -> Scenario:
    """Two people at the same skill, and short calls."""
    shift = (Shift(0.0, 28_800.0),)
    matter = Matter("matter", Constant(100.0))
    stream = Stream("calls", "matter", "skill", (40.0,) * 8, patience=Patience.exponential(300.0))
    people = (Person("a", {"skill": 1}, shift), Person("b", {"skill": 1}, shift))
    return replace(Scenario(3_600.0, 8, (matter,), (stream,), people), **changed)  # type: ignore[arg-type]


def test_a_menu_an_outage_and_pressure_change_what_they_say() -> None:
    plain = simulate(small(), replications=30, seed=6)
    menu = simulate(small(menus=(Menu(0.3, 0.1, 15.0),)), replications=30, seed=6)
    came = total(plain, columns.ENTERED)
    assert total(menu, columns.MENU_SOLVED) / came == pytest.approx(0.3, abs=0.02)
    assert total(menu, columns.MENU_LOST) / came == pytest.approx(0.1, abs=0.02)
    outage = simulate(small(outages=(Outage("", 3_600.0, 7_200.0, 3.0),)), replications=30, seed=6)
    more = measures.totals(outage, columns.ENTERED, by_interval=True).sum(axis=0)
    before = measures.totals(plain, columns.ENTERED, by_interval=True).sum(axis=0)
    assert more[1] / before[1] == pytest.approx(3.0, rel=0.1)
    assert np.array_equal(np.delete(more, 1), np.delete(before, 1))
    solved = (Matter("matter", Constant(100.0), solved=0.8, returns=0.5, return_after=Exponential(600.0)),)
    eager = simulate(small(matters=solved), replications=30, seed=6)
    pressed = simulate(small(matters=solved, pressure=Pressure(0.8, 0.7)), replications=30, seed=6)
    share = total(pressed, columns.UNSOLVED) / total(pressed, columns.ANSWERED)
    assert share == pytest.approx(1 - 0.8 * 0.7, abs=0.03)
    assert total(pressed, columns.REPEATS) > 1.5 * total(eager, columns.REPEATS)


def test_who_takes_a_callback_keeps_the_place_and_does_not_hang_up() -> None:
    busy = small(streams=(replace(small().streams[0], arrivals=(90.0,) * 8),))
    plain = simulate(busy, replications=5, seed=8)
    offered = simulate(replace(busy, callbacks=Callbacks(0.0, 1.0)), replications=5, seed=8, record=True)
    assert total(plain, columns.ABANDONED) > 0
    assert total(offered, columns.ABANDONED) == total(offered, columns.SHORT) == 0
    contacts = offered.contacts
    assert contacts is not None
    for run in range(5):
        mine = (contacts.replication == run) & ~np.isnan(contacts.left_s)
        order = np.argsort(contacts.entered_s[mine])
        assert (np.diff(contacts.left_s[mine][order]) >= 0).all()


def test_people_finish_what_they_began_and_take_nothing_in_breaks() -> None:
    shift = Shift(1_000.0, 10_000.0, (Break(4_000.0, 1_800.0),))
    alone = small(people=(Person("a", {"skill": 1}, (shift,)),))
    outcome = simulate(alone, replications=20, seed=9, record=True)
    contacts = outcome.contacts
    assert contacts is not None
    taken = contacts.left_s[contacts.ended == WAS_ANSWERED]
    assert ((taken >= 1_000.0) & (taken < 10_000.0) & ~((taken >= 4_000.0) & (taken < 5_800.0))).all()
    staffed = outcome.staffed_s.sum(axis=(1, 2))
    assert ((staffed >= 7_200.0) & (staffed <= 7_400.0)).all()


def test_the_switchboards_decision_is_the_simulators() -> None:
    rules = Rules(priority_s=90.0, promise_s=40.0, effort_s=60.0, continuity_s=0.0, level_s=10.0)
    outcome = simulate(replace(DAY, rules=rules), replications=1, seed=11, record=True)
    contacts = outcome.contacts
    assert contacts is not None
    groups = [Group(p.skills, p.site, p.partner) for p in DAY.people]
    lines: dict[Line, int] = {}
    matters = {matter.name: matter for matter in DAY.matters}
    at = np.empty(len(contacts.stream), dtype=np.int64)
    for i in range(len(at)):
        stream = DAY.streams[contacts.stream[i]]
        skill = matters[stream.matter].passed_to if contacts.is_leg[i] else stream.skill
        line = Line(skill, 1, stream.priority, min(int(contacts.efforts[i]), 2))
        at[i] = lines.setdefault(line, len(lines))
    plan = routing_plan(list(lines), groups, rules)
    free, lag = np.zeros(len(plan.reserve), dtype=np.int64), np.zeros((len(plan.reserve), 0))
    due = np.where(contacts.told_s[:, 2] > 0, contacts.entered_s + contacts.told_s[:, 2], np.inf)
    nobody, never = np.full(len(at), -1), np.zeros(len(at))
    left = np.where(np.isnan(contacts.left_s), np.inf, contacts.left_s)
    times, count = np.unique(left, return_counts=True)  # who come to work at the same moment choose one after the other
    alone = np.isin(left, times[count == 1])
    decided = np.flatnonzero(alone & (contacts.ended != HUNG_UP) & (left > contacts.entered_s))[::7]
    assert len(decided) > 200
    for i in decided:
        waiting = np.flatnonzero((contacts.entered_s < left[i]) & (left >= left[i]))
        group = int(contacts.person[i])
        chosen = choose_contact(
            plan, float(left[i]), group, group, at[waiting], contacts.entered_s[waiting], due[waiting],
            nobody[waiting], never[waiting], free, lag,
        )  # fmt: skip
        assert waiting[chosen] == i


def test_whoever_had_the_matter_last_gets_it_again() -> None:
    matter = Matter("matter", Constant(100.0), solved=0.5, returns=1.0, return_after=Constant(900.0))
    relaxed = small(matters=(matter,), streams=(replace(small().streams[0], arrivals=(8.0,) * 8),))

    def again(rules: Rules) -> float:
        contacts = simulate(replace(relaxed, rules=rules), replications=10, seed=12, record=True).contacts
        assert contacts is not None
        came = {(r, t): p for r, t, p in zip(contacts.replication, contacts.left_s, contacts.person, strict=True)}
        kept = []
        for i in np.flatnonzero(contacts.efforts == 1):
            before = came.get((contacts.replication[i], contacts.entered_s[i] - 1_000.0))
            if before is not None:
                kept.append(before == contacts.person[i])
        return float(np.mean(kept))

    assert again(Rules(continuity_s=1e6)) > again(Rules(continuity_s=0.0)) + 0.25


def test_a_reserve_is_kept_and_shares_are_met() -> None:
    shift = (Shift(0.0, 28_800.0),)
    streams = (
        Stream("plain", "matter", "plain", (150.0,) * 8),
        Stream("urgent", "matter", "urgent", (6.0,) * 8, priority=1, answer_within_s=1.0),
    )
    people = tuple(Person(f"p{i}", {"plain": 1, "urgent": 1}, shift, "east" if i < 4 else "west") for i in range(8))
    base = small(streams=streams, people=people)
    kept = simulate(replace(base, rules=Rules(reserve={"urgent": 2})), replications=10, seed=13)
    plain = simulate(base, replications=10, seed=13)
    level = [float(measures.service_level(each, streams=("urgent",)).mean()) for each in (plain, kept)]
    assert level[1] > 0.95 > level[0]
    shared = simulate(replace(base, rules=Rules(shares={"east": 0.3}, shares_s=1e6)), replications=10, seed=13)
    given = shared.busy_s.sum(axis=(0, 2))
    assert given[0] / given.sum() == pytest.approx(0.3, abs=0.05)


def test_shifts_without_a_gap_are_one() -> None:
    long = one_queue(calls_per_hour=60, aht_s=120, people=3, hours=48)
    assert len(long.people[0].shifts) == 4
    outcome = simulate(long, replications=1, seed=1)
    assert outcome.staffed_s.sum() == pytest.approx(3 * 2 * DAY_S)
