"""Drawn days: when somebody who hung up would have been answered is when they are, had they stayed."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tellonce.lab.routing import Rules
from tellonce.lab.simulation import Constant, Empirical, Exponential, Lognormal, Patience, Scenario, simulate
from tellonce.lab.simulation.examples import provider
from tellonce.switchboard.days import settings_of
from tellonce.switchboard.drawn import Callers, DrawnDay, callers, lengths_at, patience_at
from tellonce.switchboard.engine import Engine, Result
from tellonce.switchboard.facts import Fact
from tellonce.switchboard.promises import Became, WaitPromise, WaitPromises


@cache
def a_day() -> tuple[Scenario, Callers]:
    """Six skills, priorities, people with their own skills, and more calls than they can take."""
    made = provider(people=25, days=1, contacts_a_day=1_500.0)
    matters = tuple(replace(matter, returns=0.0, passed_on=0.0) for matter in made.matters)
    rules = Rules(priority_s=90.0, effort_s=0.0, continuity_s=0.0, shares_s=0.0)
    made = replace(made, matters=matters, callbacks=None, menus=(), rules=rules)
    contacts = simulate(made, replications=1, seed=5, record=True).contacts
    assert contacts is not None
    return made, callers(made, contacts, seed=5)


def played(scenario: Scenario, drawn: Callers) -> tuple[list[WaitPromise], DrawnDay]:
    engine, fold = Engine(), WaitPromises()
    day = DrawnDay(scenario, drawn, engine)
    promises: list[WaitPromise] = []

    def take(fact: Fact) -> Result:
        result = engine.take(fact)
        promises.extend(promise for event in result.events for promise in fold.take(event))
        return result

    day.play(day.watching(take), settings=settings_of(scenario, wrap_s=1e6))
    return promises, day


def test_who_hung_up_would_have_been_answered_exactly_then() -> None:
    scenario, drawn = a_day()
    promises, day = played(scenario, drawn)
    gone = [each.contact for each in promises if each.became is Became.ABANDONED and not each.is_again]
    known = [contact for contact in gone if contact in day.watched.answered_at]
    assert len(known) > 100
    for contact in known[:: len(known) // 6]:
        patience = drawn.patience_s.copy()
        patience[int(contact)] = np.inf
        others, _day = played(scenario, replace(drawn, patience_s=patience))
        stayed = next(each for each in others if each.contact == contact)
        assert stayed.told_at + stayed.waited_s == pytest.approx(day.watched.answered_at[contact])


def test_what_is_drawn_has_the_lengths_and_the_patience_of_the_scenario() -> None:
    shares = (np.arange(200_000) + 0.5) / 200_000
    assert lengths_at(Exponential(200.0), shares).mean() == pytest.approx(200.0, rel=0.01)
    drawn = lengths_at(Lognormal(180.0, 1.5), shares)
    assert drawn.mean() == pytest.approx(180.0, rel=0.01)
    assert drawn.std() / drawn.mean() == pytest.approx(1.5, rel=0.05)
    assert lengths_at(Constant(7.0), shares[:3]).tolist() == [7.0, 7.0, 7.0]
    assert lengths_at(Empirical((0.0, 10.0, 100.0)), np.array([0.25, 0.75])).tolist() == [5.0, 55.0]
    leaving = patience_at(Patience((0.0, 30.0), (0.02, 0.005)), shares)
    assert (leaving > 30.0).mean() == pytest.approx(np.exp(-0.6), abs=0.001)
    assert (leaving > 130.0).mean() == pytest.approx(np.exp(-1.1), abs=0.001)
    assert np.isinf(patience_at(Patience(), shares[:2])).all()
