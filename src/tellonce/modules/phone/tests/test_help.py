"""What would help: the half hour is played from how the floor is, and no queue is broken for another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tellonce.modules.phone.queries.day import Pace
from tellonce.modules.phone.queries.help import worked_out
from tellonce.modules.phone.queries.pace import Usual, pace_of
from tellonce.modules.phone.queries.rehearsing import (
    Join,
    Lend,
    Nothing,
    OfferCallbacks,
    PersonState,
    QueueState,
    Situation,
    play,
)

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
CARE = QueueState("care", 60.0, 0.8, 0, per_hour=60.0, handle_s=300.0, variation=0.8, leaving=1 / 600)
TECH = replace(CARE, code="tech", per_hour=40.0)
ONLY_CARE, ONLY_TECH = PersonState({"care": 1}), PersonState({"tech": 1})
BOTH = PersonState({"care": 1, "tech": 1})


def people(care: int, tech: int, both: int = 0) -> tuple[PersonState, ...]:
    return (ONLY_CARE,) * care + (ONLY_TECH,) * tech + (BOTH,) * both


def mean(situation: Situation, queue: str = "care") -> float:
    return float(np.nanmean(play(situation, Nothing(), seed=1).in_time[queue]))


def test_the_same_floor_gives_the_same_answer() -> None:
    situation = Situation((CARE,), people(5, 0))
    first, again = (worked_out(situation, AT, seed=4) for _ in range(2))
    assert first == again
    assert worked_out(situation, AT, seed=5) != first


def test_enough_people_keep_the_target_and_nothing_is_moved() -> None:
    found = worked_out(Situation((CARE, TECH), people(12, 9)), AT)
    assert (found.tried, found.suggestions) == (0, ())
    assert all(each.in_time.mean > 0.9 for each in found.outlooks)


def test_who_waits_and_who_is_busy_make_the_start_worse() -> None:
    idle = Situation((CARE,), people(6, 0))
    waits = replace(CARE, waits=tuple((float(seconds), False) for seconds in range(20, 400, 20)))
    busy = tuple(replace(ONLY_CARE, talked_s=30.0) for _ in range(6))
    assert mean(Situation((waits,), people(6, 0))) < mean(idle) - 0.1
    assert mean(Situation((CARE,), busy)) < mean(idle)


def test_nobody_at_work_answers_nobody_and_one_more_person_answers_some() -> None:
    found = worked_out(Situation((CARE,), ()), AT)
    assert found.outlooks[0].in_time.mean == 0.0
    moves = {type(each.move): each for each in found.suggestions}
    assert moves[Join].after.mean > 0.02


def test_more_people_help_more_and_the_best_comes_first() -> None:
    found = worked_out(Situation((CARE,), people(5, 0)), AT)
    joins = [each for each in found.suggestions if isinstance(each.move, Join)]
    assert [each.move for each in joins] == [Join("care", 2), Join("care", 1)]
    assert joins[0].after.mean > joins[1].after.mean > joins[1].before.mean
    assert all(each.after.low <= each.after.mean <= each.after.high for each in joins)


def test_people_are_lent_where_the_giver_has_enough() -> None:
    """Mail has hours of time, and people who take calls as well."""
    mail = QueueState("mail", 3600.0, 0.8, 0, per_hour=60.0, handle_s=300.0, variation=0.8, leaving=0.0)
    floor = Situation((replace(CARE, per_hour=45.0), mail), people(1, 0) + (PersonState({"mail": 1, "care": 1}),) * 7)
    found = worked_out(floor, AT)
    lends = [each for each in found.suggestions if isinstance(each.move, Lend)]
    assert lends
    assert all((each.giver, each.to) == ("mail", "care") for each in lends)
    assert all(each.giver_after >= 0.8 for each in lends)


def test_nothing_is_taken_from_a_queue_that_breaks_by_it() -> None:
    """Care keeps its target with these people and would not without two of them."""
    floor = Situation((replace(CARE, per_hour=48.0), replace(TECH, per_hour=40.0)), people(3, 2, both=3))
    found = worked_out(floor, AT)
    for each in found.suggestions:
        assert (
            not isinstance(each.move, Lend) or each.giver_after >= 0.8 or each.giver_after > each.giver_before - 0.006
        )
    missed = Situation((replace(CARE, per_hour=70.0), replace(TECH, per_hour=60.0)), people(3, 2, both=3))
    assert not [each for each in worked_out(missed, AT).suggestions if isinstance(each.move, Lend)]


def test_callbacks_make_fewer_hang_up() -> None:
    floor = Situation((replace(CARE, per_hour=70.0, leaving=1 / 200),), people(5, 0))
    found = worked_out(floor, AT)
    (offer,) = (each for each in found.suggestions if isinstance(each.move, OfferCallbacks))
    assert offer.after.mean < offer.before.mean
    offering = replace(floor, queues=(replace(floor.queues[0], callback_above_s=120.0),))
    assert not [each for each in worked_out(offering, AT).suggestions if isinstance(each.move, OfferCallbacks)]


def test_a_callback_that_waits_is_never_given_up() -> None:
    waits = tuple((600.0, True) for _ in range(30))
    floor = Situation((replace(CARE, per_hour=0.0, leaving=1 / 60, waits=waits),), people(1, 0))
    calls = replace(floor, queues=(replace(floor.queues[0], waits=tuple((600.0, False) for _ in range(30))),))
    later = replace(CARE, code="later", per_hour=30.0)
    with_callbacks, with_calls = (
        mean(Situation((each.queues[0], later), (PersonState({"care": 1, "later": 1}),)), "later")
        for each in (floor, calls)
    )
    assert with_callbacks < with_calls


@pytest.mark.parametrize(
    ("recent", "usual", "per_hour"),
    [
        (20, None, 20.0),
        (20, Usual(20.0, 15.0, None, None), 30.0),
        (40, Usual(20.0, 15.0, None, None), 50.0),
        (0, Usual(0.0, 3.0, None, None), 6.0),
    ],
)
def test_the_next_half_hour_is_the_usual_one_as_much_above_as_the_last_hour(
    recent: int, usual: Usual | None, per_hour: float
) -> None:
    now = AT.timestamp()
    seen = Pace()
    seen.arrivals.extend(now - 3599.0 + n for n in range(recent))
    seen.arrivals.appendleft(now - 3700.0)
    assert pace_of(seen, usual, now=now, since=now - 20_000.0).per_hour == pytest.approx(per_hour)


def test_lengths_begin_with_what_was_known_and_learn_from_today() -> None:
    now = AT.timestamp()
    begin = pace_of(None, None, now=now, since=now - timedelta(hours=3).total_seconds())
    assert (begin.handle_s, begin.variation, begin.per_hour) == (300.0, 1.0, 0.0)
    assert begin.leaving == pytest.approx(1 / 600)
    known = pace_of(None, Usual(9.0, 9.0, 200.0, 0.5), now=now, since=now - 7200.0)
    assert (known.handle_s, known.variation) == (200.0, 0.5)
    seen = Pace(waited_s=2400.0, left=7)
    seen.lengths_s.extend([100.0, 500.0] * 15)
    learnt = pace_of(seen, None, now=now, since=now - 7200.0)
    assert learnt.handle_s == pytest.approx(300.0)
    assert learnt.variation == pytest.approx(0.678, abs=0.01)
    assert learnt.leaving == pytest.approx(9 / 3600)
