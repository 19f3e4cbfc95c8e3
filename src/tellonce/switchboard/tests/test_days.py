"""A whole day: the engine decides as the simulator did, rebuilds itself, and replays what was recorded."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from tellonce.lab.routing import Rules
from tellonce.lab.simulation import Contacts, Scenario, simulate
from tellonce.lab.simulation.contracts import Constant
from tellonce.lab.simulation.examples import one_queue, provider
from tellonce.lab.simulation.outcome import HUNG_UP, WAS_ANSWERED
from tellonce.switchboard.days import Day, settings_of
from tellonce.switchboard.decisions import WaitTold
from tellonce.switchboard.engine import Engine, rebuild
from tellonce.switchboard.errors import JournalError
from tellonce.switchboard.facts import Fact, PersonSet, Presence, TimePassed
from tellonce.switchboard.folding import Event
from tellonce.switchboard.replaying import assignments, facts_of, replay
from tellonce.switchboard.tests.making import snapshot

PEOPLE, CALLS = 60, 3_000.0


def a_day(rules: Rules) -> Scenario:
    """Six skills, two sites, a partner, redials, transfers and an outage; every length known, everybody's own pace."""
    made = provider(people=PEOPLE, days=1, contacts_a_day=CALLS)
    matters = tuple(
        replace(matter, service=Constant(250.0 + 30 * i), wrap_up=Constant(40.0), returns=0.0)
        for i, matter in enumerate(made.matters)
    )
    people = tuple(replace(person, pace=0.85 + 0.3 * (i * 0.618034 % 1)) for i, person in enumerate(made.people))
    return replace(made, matters=matters, people=people, rules=rules, callbacks=None, menus=())


def simulated(scenario: Scenario) -> Contacts:
    contacts = simulate(scenario, replications=1, seed=3, record=True).contacts
    assert contacts is not None
    return contacts


RULES = {
    "plain": Rules(priority_s=0.0, effort_s=0.0, breadth_s=0.0, shares_s=0.0),
    "all": Rules(priority_s=120.0, level_s=10.0, shares={"partner": 0.25}, reserve={"business": 1}),
    "strict": Rules(reserve={"business": 2, "moving": 1}),
}


@cache
def played(name: str) -> tuple[Contacts, Engine, tuple[tuple[Event, ...], ...]]:
    scenario = a_day(RULES[name])
    contacts, engine = simulated(scenario), Engine()
    steps: list[tuple[Event, ...]] = []

    def take(fact: Fact) -> Any:
        result = engine.take(fact)
        steps.append(result.events)
        return result

    Day(scenario, contacts, engine).play(take)
    return contacts, engine, tuple(steps)


def flat(steps: tuple[tuple[Event, ...], ...]) -> list[Event]:
    return [event for step in steps for event in step]


@pytest.mark.parametrize("name", list(RULES))
def test_the_engine_assigns_a_simulated_day_as_the_simulator_did(name: str) -> None:
    contacts, _engine, steps = played(name)
    answered = np.flatnonzero(contacts.ended == WAS_ANSWERED)
    assert (contacts.ended == HUNG_UP).sum() > 50
    assert (contacts.left_s - contacts.entered_s > 30.0).sum() > 100
    simulators = sorted((float(contacts.left_s[i]), str(i), int(contacts.person[i])) for i in answered)
    ours = sorted(assignments(flat(steps)))
    assert [each[1:] for each in ours] == [each[1:] for each in simulators]
    assert [each[0] for each in ours] == pytest.approx([each[0] for each in simulators])


def test_at_the_end_of_the_day_the_accounts_are_the_simulators() -> None:
    contacts, engine, _steps = played("all")
    tallies = engine.board.tallies.values()
    assert sum(tally.entered for tally in tallies) == len(contacts.ended)
    assert sum(tally.answered for tally in tallies) == (contacts.ended == WAS_ANSWERED).sum()
    assert sum(tally.abandoned for tally in tallies) == (contacts.ended == HUNG_UP).sum()


def test_a_recorded_day_replays_to_the_same_events() -> None:
    recorded = flat(played("all")[2])
    again = replay(recorded)
    assert assignments(again) == assignments(recorded)
    assert again == recorded


def test_a_replay_shows_a_decision_that_would_be_another() -> None:
    recorded = flat(played("all")[2])
    changed = [
        replace(event, presence=Presence.AWAY) if isinstance(event, PersonSet) and event.person == 7 else event
        for event in recorded
    ]
    assert assignments(replay(changed)) != assignments(recorded)


def test_an_engine_rebuilt_at_any_time_of_the_day_is_the_same_and_goes_on_the_same() -> None:
    steps = played("all")[2]
    for cut in np.linspace(1, len(steps), 7, dtype=int):
        first = flat(steps[:cut])
        taken = Engine()
        for fact in facts_of(first):
            taken.take(fact)
        rebuilt = rebuild(first)
        assert snapshot(rebuilt.board) == snapshot(taken.board)
        for step in steps[cut : cut + 200]:
            if step:
                assert rebuilt.take(next(facts_of(step))).events == step


def test_a_journal_that_begins_in_the_middle_is_refused() -> None:
    events = flat(played("all")[2])
    with pytest.raises(JournalError):
        rebuild(events[1_000:])
    with pytest.raises(JournalError):
        Engine().take(TimePassed(1.0))


def test_the_wait_that_is_told_is_the_simulators() -> None:
    scenario = one_queue(calls_per_hour=490, aht_s=240.0, people=30, patience_s=400, hours=4)
    scenario = replace(scenario, matters=(replace(scenario.matters[0], service=Constant(240.0)),))
    contacts, engine = simulated(scenario), Engine()
    told: dict[int, WaitTold] = {}

    def take(fact: Fact) -> Any:
        result = engine.take(fact)
        for event in result.events:
            if isinstance(event, WaitTold) and not event.is_again:
                told[int(event.contact)] = event
        return result

    Day(scenario, contacts, engine).play(take, settings=settings_of(scenario, handle_s=240.0, leaving=1 / 400.0))
    until_people_go = 3.5 * 3_600.0  # the simulator knows who goes home; the engine sees who is there
    places = [i for i in told if contacts.entered_s[i] < until_people_go]
    assert len(places) > 500
    ours = np.array([[told[i].low_s, told[i].median_s, told[i].high_s] for i in places])
    assert ours == pytest.approx(contacts.told_s[places], rel=1e-6)
