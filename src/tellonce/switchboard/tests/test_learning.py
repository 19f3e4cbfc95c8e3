"""The estimate recalibrates itself from told waits: a wrong one is mended, little evidence narrows nothing."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from tellonce.lab.routing import AS_ESTIMATED, Calibration, RecentPast
from tellonce.lab.simulation import simulate
from tellonce.lab.simulation.examples import one_queue
from tellonce.switchboard.days import settings_of
from tellonce.switchboard.decisions import Ended, Entered, Form, Outcome, WaitTold
from tellonce.switchboard.drawn import DrawnDay, callers
from tellonce.switchboard.engine import Engine, Result
from tellonce.switchboard.facts import Answered, Calibrated, Fact
from tellonce.switchboard.folding import Event
from tellonce.switchboard.learning import Learning, WaitLearner
from tellonce.switchboard.promises import WaitPromise, WaitPromises
from tellonce.switchboard.replaying import replay

PEOPLE, HOURS, AHT_S = 30, 12, 240.0
MENDED_AFTER = 600  # told waits
AS_IT_IS = Learning()
RIGHT = {"handle_s": AHT_S, "leaving": 1 / 400.0}


@dataclass
class Played:
    """A busy day with a learner: what was told, in that order, what it was in the end, and what was learnt."""

    promises: list[WaitPromise] = field(default_factory=list)
    learnt: list[Calibrated] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    actual_s: np.ndarray = field(default_factory=lambda: np.empty(0))

    def held(self, after: int) -> float:
        """The share within the 80% interval of those told after the first so many."""
        low, high = np.array([(each.low_s, each.high_s) for each in self.promises]).T
        return float(((low <= self.actual_s) & (self.actual_s <= high))[after:].mean())


def a_busy_day(*, seed: int, **expected: float) -> Played:
    scenario = one_queue(calls_per_hour=495, aht_s=AHT_S, people=PEOPLE, patience_s=400, hours=HOURS)
    contacts = simulate(scenario, seed=seed, replications=1, record=True).contacts
    assert contacts is not None
    engine, fold, learner, played = Engine(), WaitPromises(), WaitLearner(), Played()

    def take(fact: Fact) -> Result:
        result, due = engine.take(fact), None
        for event in result.events:
            played.events.append(event)
            played.promises.extend(fold.take(event))
            due = learner.take(event) or due
        if due is not None:
            played.learnt.append(due)
            take(due)
        return result

    day = DrawnDay(scenario, callers(scenario, contacts, seed=seed), engine)
    day.play(day.watching(take), settings=settings_of(scenario, wrap_s=1e6, **expected))
    played.promises.sort(key=lambda each: each.told_at)
    virtual = day.watched.answered_at
    actual = [
        each.waited_s if each.is_over else virtual.get(each.contact, np.inf) - each.told_at for each in played.promises
    ]
    played.actual_s = np.array(actual)
    return played


@pytest.mark.parametrize("seed", [1, 2])
def test_estimates_of_half_the_truth_are_mended_within_600_told_waits(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    estimated = RecentPast.told

    def halved(self: RecentPast, *args: Any, **named: Any) -> Any:
        return 0.5 * estimated(self, *args, **named)

    monkeypatch.setattr(RecentPast, "told", halved)
    played = a_busy_day(seed=seed, **RIGHT)
    assert played.held(0) < played.held(MENDED_AFTER)
    first = played.learnt[0].at
    assert np.mean([each.told_at < first for each in played.promises]) < 0.12
    assert 0.75 <= played.held(MENDED_AFTER) <= 0.85
    assert played.learnt[-1].scale == pytest.approx(2.0, rel=0.1)


@pytest.mark.parametrize("seed", [1, 3])
def test_a_wrong_handle_time_and_rate_of_leaving_are_mended_within_600_told_waits(seed: int) -> None:
    played = a_busy_day(seed=seed, handle_s=AHT_S / 2, leaving=1 / 80.0)
    assert 0.75 <= played.held(MENDED_AFTER) <= 0.85
    assert played.learnt[-1].scale == pytest.approx(1.0, rel=0.1)


def test_what_was_learnt_is_journalled_and_replays_to_the_same() -> None:
    played = a_busy_day(seed=1, handle_s=AHT_S / 2, leaving=1 / 80.0)
    assert played.learnt
    assert [event for event in played.events if isinstance(event, Calibrated)] == played.learnt
    assert replay(played.events) == played.events
    again = WaitLearner()
    assert [due for event in played.events if (due := again.take(event))] == played.learnt


def tell(learner: WaitLearner, contact: str, at: float) -> None:
    """A wait of 60 to 140 seconds with a median of 100."""
    learner.take(Entered(at, contact, "care", at))
    learner.take(WaitTold(at, contact, 60.0, 100.0, 140.0, Form.BETWEEN, 1, 3, is_again=False, offers_callback=False))


def told_and_answered(actual: list[float], *, every_s: float, learning: Learning = AS_IT_IS) -> WaitLearner:
    """A learner that saw one wait after another told, and each answered."""
    learner = WaitLearner(learning)
    for i, seconds in enumerate(actual):
        tell(learner, str(i), i * every_s)
        learner.take(Answered(i * every_s + seconds, str(i), 1))
    return learner


def learnt(actual: list[float], *, every_s: float, **more: Any) -> Calibration:
    return told_and_answered(actual, every_s=every_s, **more).calibration(at=len(actual) * every_s + 1_000.0)


def spread_out(count: int, *, width: float, middle: float = 100.0) -> list[float]:
    shares = np.random.default_rng(1).permutation((np.arange(count) + 0.5) / count)
    return [float(each) for each in middle + width * (shares - 0.5)]


def test_with_few_told_waits_or_in_one_burst_nothing_is_learnt() -> None:
    assert learnt(spread_out(19, width=100.0, middle=300.0), every_s=600.0) == AS_ESTIMATED
    assert learnt(spread_out(500, width=100.0, middle=300.0), every_s=1.0) == AS_ESTIMATED


def test_of_few_quarter_hours_only_a_part_is_believed() -> None:
    some, many = (learnt(spread_out(count, width=100.0, middle=200.0), every_s=100.0) for count in (45, 600))
    assert 1.3 < some.scale < 1.8
    assert many.scale == pytest.approx(2.0, rel=0.05)


def test_what_is_told_becomes_narrower_only_with_much_evidence() -> None:
    alike, shorter = spread_out(150, width=20.0), spread_out(150, width=20.0, middle=50.0)
    assert learnt(alike, every_s=100.0).spread == 1.0
    short = learnt(shorter, every_s=100.0)
    assert short.scale < 0.6
    assert short.scale * short.spread >= 1.0
    assert learnt(spread_out(600, width=20.0), every_s=100.0).spread < 0.5


def test_who_hung_up_counts_as_having_waited_longer() -> None:
    rng = np.random.default_rng(2)
    actual, patience = rng.normal(150.0, 40.0, 900), rng.exponential(200.0, 900)
    learner = WaitLearner()
    for i, (waits, lasts) in enumerate(zip(np.maximum(actual, 1.0).tolist(), patience.tolist(), strict=True)):
        at, contact = i * 100.0, str(i)
        tell(learner, contact, at)
        if waits <= lasts:
            learner.take(Answered(at + waits, contact, 1))
        else:
            learner.take(Ended(at + lasts, contact, Outcome.ABANDONED))
    assert learner.calibration(at=1e5).scale == pytest.approx(1.5, rel=0.06)


def test_waits_that_still_run_are_not_forgotten() -> None:
    """Else a sudden jam would be learnt from its shortest waits."""
    learner = told_and_answered(spread_out(200, width=40.0), every_s=100.0)
    now = 200 * 100.0
    before = learner.calibration(at=now + 150.0).scale
    for i in range(80):
        tell(learner, f"late {i}", now + i)
    assert learner.calibration(at=now + 1_200.0).scale > before


@pytest.mark.parametrize(("of_a_quarter", "least", "most"), [(5, 0.9, 1.1), (10_000, 2.0, 3.0)])
def test_a_crowded_quarter_hour_counts_no_more_than_another(of_a_quarter: int, least: float, most: float) -> None:
    """A jam of 450 callers who wait three times as long, in ten hours of five each."""
    learner = told_and_answered(
        spread_out(200, width=20.0), every_s=180.0, learning=Learning(of_a_quarter=of_a_quarter)
    )
    jam = 200 * 180.0
    for i in range(450):
        tell(learner, f"jam {i}", jam + i)
        learner.take(Answered(jam + i + 300.0, f"jam {i}", 1))
    assert least < learner.calibration(at=jam + 1_000.0).scale < most


def test_one_that_begins_later_leaves_what_held_before_on_evidence_only() -> None:
    before = Calibration(1.6, 1.3)
    learner = WaitLearner(before=before)
    assert learner.calibration(at=0.0) == before
    for i in range(30):
        tell(learner, str(i), i * 200.0)
        learner.take(Answered(i * 200.0 + 160.0, str(i), 1))
    assert learner.calibration(at=7_000.0).scale > 1.5
    assert learner.calibration(at=7_000.0).spread >= before.spread
