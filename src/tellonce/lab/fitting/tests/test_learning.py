"""What was put into a made-up centre is learned back from its log."""

from dataclasses import replace

import numpy as np
import pytest

from tellonce.lab.fitting import (
    UNKNOWN,
    AtWork,
    CallLog,
    Ending,
    FittingInputError,
    at_work,
    fit,
    learn_returns,
    seconds_at_work,
    spells_from,
)  # fmt: skip
from tellonce.lab.fitting.tests.centre import OPEN_S, SHUT_S, Centre

CENTRE = Centre()


@pytest.fixture(scope="module")
def log() -> CallLog:
    return CENTRE.log(5)


def test_rules_and_rates_are_found_again(log: CallLog) -> None:
    found = fit(log)
    assert found.head_starts.seconds[0] == 0
    assert found.head_starts.seconds[1] == pytest.approx(CENTRE.head_s, abs=5)
    assert found.head_starts.overtaken < 0.01 < found.head_starts.overtaken_plain
    means = [[found.patience.of(kind=kind, priority=priority).mean for priority in (0, 1)] for kind in (0, 1)]
    assert np.array(means) == pytest.approx(np.array([CENTRE.patience_s] * 2), rel=0.2)
    pace = found.service.by_person
    assert pace[0] / pace[1:].mean() == pytest.approx(CENTRE.slow, rel=0.08)
    assert found.service.mean_s[1] / found.service.mean_s[0] == pytest.approx(240 / 150, rel=0.1)
    assert found.service.is_lognormal.all()
    assert found.wrap_up.mean_s == pytest.approx(CENTRE.wrap_s, rel=0.15)
    assert found.takes.tolist() == [[True, True]] * 5 + [[True, False]]
    assert found.priority_mix == pytest.approx(np.full((2, 2), 0.5), abs=0.08)


def test_people_are_seen_at_work_and_at_lunch(log: CallLog) -> None:
    seen = at_work(log)
    hours = np.bincount(seen.person, weights=seen.until_s - seen.from_s) / 3600
    assert hours == pytest.approx(np.full(6, CENTRE.days * ((SHUT_S - OPEN_S) / 3600 - 0.5)), rel=0.05)


def test_spells_come_back_from_their_quarter_hours(log: CallLog) -> None:
    seen = at_work(log)
    quarters = CENTRE.days * 96
    seconds = seconds_at_work(seen, quarters=quarters)
    again = spells_from(seconds, people=seen.people, takes=seen.takes)
    assert seconds_at_work(again, quarters=quarters) == pytest.approx(seconds)
    assert len(again.person) <= len(seen.person)
    one = AtWork(np.array([0]), np.array([1000.0]), np.array([3000.0]), ("a",), np.ones((1, 1), dtype=np.bool_))
    back = spells_from(seconds_at_work(one, quarters=8), people=one.people, takes=one.takes)
    assert (back.from_s[0], back.until_s[0]) == (1000.0, 3000.0)


def test_calls_that_say_no_length_or_priority_do_not_spoil_the_rest(log: CallLog) -> None:
    rng = np.random.default_rng(3)
    holes = rng.random(len(log)) < 0.1
    torn = replace(
        log,
        service_s=np.where(holes, np.nan, log.service_s),
        priority=np.where(rng.random(len(log)) < 0.1, UNKNOWN, log.priority),
    )
    found = fit(torn)
    assert np.isfinite(found.service.table).all()
    assert found.head_starts.seconds[1] == pytest.approx(CENTRE.head_s, abs=5)


def test_redials_are_told_from_usual_calling() -> None:
    """Each caller calls every third day at random; 40% of those who gave up call again within ten minutes."""
    rng = np.random.default_rng(9)
    callers, days = 400, 30
    rows: list[tuple[float, int, int]] = []
    for caller in range(callers):
        times = rng.uniform(0, days * 86_400, rng.poisson(days / 3))
        gave_up = rng.random(len(times)) < 0.3
        rows += [(time, caller, int(went)) for time, went in zip(times, gave_up, strict=True)]
        rows += [(time + 30 + rng.uniform(0, 600), caller, 0) for time in times[gave_up] if rng.random() < 0.4]
    at = np.array([row[0] for row in rows])
    caller, left = np.array([row[1:] for row in rows]).T
    zeros = np.zeros(len(at), dtype=np.int64)
    log = CallLog(
        at, at, np.where(left == 1, 20.0, 0.0), left, np.where(left == 1, np.nan, 60.0), zeros, zeros, zeros,
        caller, kinds=("all",), people=("p",),
    )  # fmt: skip
    redial, repeat = (learn_returns(log, after=log.ended_as(e)) for e in (Ending.ABANDONED, Ending.ANSWERED))
    assert redial is not None
    assert repeat is not None
    assert redial.share[0] == pytest.approx(0.4, abs=0.05)
    assert redial.delay_s[32] == pytest.approx(330, rel=0.35)
    assert repeat.share[0] < 0.1


def test_logs_that_teach_nothing_are_refused(log: CallLog) -> None:
    with pytest.raises(FittingInputError, match="nobody waited"):
        fit(log.where(log.wait_s == 0))
    with pytest.raises(FittingInputError, match="answered"):
        fit(log.where(~log.answered))
    with pytest.raises(FittingInputError, match="counted from 0"):
        replace(log, kind=log.kind + 1)
    with pytest.raises(FittingInputError, match="one value for each call"):
        replace(log, kind=log.kind[1:])
