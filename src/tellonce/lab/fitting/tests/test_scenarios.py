"""A centre's log, learned and simulated, waits as the centre did."""

from dataclasses import replace

import numpy as np
import pytest

from tellonce.lab.fitting import (
    UNKNOWN,
    Arrivals,
    CallLog,
    Fitted,
    FittingInputError,
    at_work,
    expected_calls,
    fit,
    scenario,
)
from tellonce.lab.fitting.tests.centre import Centre
from tellonce.lab.routing import Rules
from tellonce.lab.simulation import simulate
from tellonce.lab.simulation.outcome import ABANDONED, ENTERED

CENTRE = Centre()
QUARTERS = CENTRE.days * 96 + 4


@pytest.fixture(scope="module")
def log() -> CallLog:
    return CENTRE.log(5)


@pytest.fixture(scope="module")
def fitted(log: CallLog) -> Fitted:
    return fit(log)


def test_another_week_waits_as_it_is_simulated(fitted: Fitted) -> None:
    """Learned from one week; of another only the calls and the people are given."""
    week = CENTRE.log(7)
    arrivals = Arrivals.seen_in(week)
    expected = expected_calls(fitted, arrivals, intervals=QUARTERS)
    made = scenario(fitted, expected=expected, people=at_work(week), answer_within_s=60.0, counted=True)
    out = simulate(made, replications=4, seed=3, workers=1, record=True)
    contacts = out.contacts
    assert contacts is not None
    counts = out.counts.sum(axis=1)
    came = np.bincount((arrivals.at_s // 900).astype(np.int64), minlength=QUARTERS)
    assert (counts[:, :, ENTERED] == came).all()
    assert counts[..., ABANDONED].sum() / counts[..., ENTERED].sum() == pytest.approx((~week.answered).mean(), abs=0.02)
    assert np.nanmean(contacts.left_s - contacts.entered_s) == pytest.approx(week.wait_s.mean(), rel=0.2)


def test_an_unknown_priority_counts_in_parts(log: CallLog, fitted: Fitted) -> None:
    known = Arrivals.seen_in(log)
    unknown = replace(known, priority=np.full(len(known.at_s), UNKNOWN))
    expected = expected_calls(fitted, unknown, intervals=QUARTERS)
    plain = expected_calls(fitted, known, intervals=QUARTERS)
    assert expected.sum(axis=1) == pytest.approx(plain.sum(axis=1))
    assert expected.sum(axis=2) == pytest.approx(plain.sum(axis=2), rel=0.1)


def test_what_does_not_fit_is_refused(log: CallLog, fitted: Fitted) -> None:
    with pytest.raises(FittingInputError, match="within the 4 intervals"):
        expected_calls(fitted, Arrivals.seen_in(log), intervals=4)
    with pytest.raises(FittingInputError, match="kind and priority"):
        scenario(fitted, expected=np.zeros((1, 1, 4)), people=at_work(log))


def test_given_rules_route_and_a_small_head_start_can_still_be_added(log: CallLog, fitted: Fitted) -> None:
    """A step of priority is worth what the rules say, in steps of five seconds."""
    expected = expected_calls(fitted, Arrivals.seen_in(log), intervals=QUARTERS)
    rules = Rules(priority_s=600.0, effort_s=45.0, breadth_s=12.0)
    made = scenario(fitted, expected=expected, people=at_work(log), rules=rules)
    assert made.rules == replace(rules, priority_s=5.0)
    by_segment = {stream.segment: stream.priority * made.rules.priority_s for stream in made.streams}
    assert by_segment == {f"priority {n}": 600.0 * n for n in range(fitted.priorities)}
    learned = scenario(fitted, expected=expected, people=at_work(log))
    assert learned.rules.effort_s == 0.0
    assert {stream.segment: stream.priority * 5.0 for stream in learned.streams} == {
        f"priority {n}": pytest.approx(float(fitted.head_starts.seconds[n]), abs=2.5) for n in range(fitted.priorities)
    }
