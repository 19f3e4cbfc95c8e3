"""What describes no queue is refused by name; what is unusual and right is answered."""

from typing import Any

import numpy as np
import pytest

from tellonce.lab.queueing import (
    QueueInputError,
    UnreachableTargetError,
    erlang_b,
    erlang_b_redialled,
    people_needed,
    queue_measures,
    waits_after,
)

QUEUE: dict[str, Any] = {"calls_per_hour": 200, "aht_s": 180, "people": 14}
NEED: dict[str, Any] = {"calls_per_hour": 200, "aht_s": 180}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("calls_per_hour", -1), ("calls_per_hour", np.inf), ("calls_per_hour", np.nan), ("calls_per_hour", "many"),
        ("aht_s", 0), ("aht_s", -180), ("people", 0), ("people", -2), ("people", 2.5), ("people", [3, 0]),
        ("patience_s", -1), ("lines", 13), ("lines", 20.5), ("lines", -np.inf),
        ("answer_within_s", -20), ("answer_within_s", np.inf), ("short_abandon_s", -5),
    ],
)  # fmt: skip
def test_what_is_no_queue_is_refused_by_name(field: str, wrong: object) -> None:
    with pytest.raises(QueueInputError, match=field) as caught:
        queue_measures(**{**QUEUE, field: wrong})
    assert caught.value.field == field
    assert caught.value.code == "queue_input"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("service_level", 1), ("service_level", 80), ("service_level", -0.1), ("asa_s", 0), ("asa_s", -1),
        ("abandonment", 0), ("abandonment", 1.1), ("occupancy", 0), ("occupancy", 1.01), ("blocked", 2),
        ("shrinkage", 1), ("shrinkage", -0.1), ("shrinkage", np.nan),
    ],
)  # fmt: skip
def test_a_target_outside_its_bounds_is_refused_by_name(field: str, wrong: float) -> None:
    with pytest.raises(QueueInputError, match=field):
        people_needed(**NEED, **{field: wrong})


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(QueueInputError, match="fit together"):
        queue_measures(calls_per_hour=[1, 2, 3], aht_s=180, people=[4, 5])


def test_a_loss_that_all_redials_make_endless_is_refused() -> None:
    with pytest.raises(QueueInputError, match="load"):
        erlang_b_redialled(load=10, people=10, redial=1)
    with pytest.raises(QueueInputError, match="load"):
        erlang_b(load=-1, people=10)


def test_lines_too_few_for_the_target_are_said_with_their_places() -> None:
    with pytest.raises(UnreachableTargetError) as caught:
        people_needed(calls_per_hour=[20, 4000], aht_s=180, lines=20, blocked=0.01)
    assert caught.value.places == (1,)


def test_arguments_broadcast_to_one_shape() -> None:
    measures = queue_measures(calls_per_hour=np.full((3, 1), 200.0), aht_s=180, people=np.arange(11, 15))
    assert measures.service_level.shape == (3, 4)
    assert float(measures.service_level[2, 3]) == float(queue_measures(**QUEUE).service_level)
    waits = waits_after(**QUEUE, after_s=np.arange(5.0))
    assert waits.answered.shape == (5,)
    assert people_needed(calls_per_hour=[], aht_s=180).people.shape == (0,)


def test_a_queue_that_grows_for_ever_is_said_as_such() -> None:
    endless = queue_measures(calls_per_hour=200, aht_s=180, people=10)
    assert float(endless.service_level) == 0.0
    assert np.isinf([endless.asa_s, endless.mean_queue]).all()
    assert float(endless.p_wait) == float(endless.occupancy) == 1.0


def test_an_hour_without_calls_keeps_everybody_free() -> None:
    idle = queue_measures(calls_per_hour=0, aht_s=180, people=3, patience_s=60)
    assert (float(idle.service_level), float(idle.occupancy), float(idle.asa_s)) == (1.0, 0.0, 0.0)
    assert int(people_needed(calls_per_hour=0, aht_s=180, service_level=0.9).people) == 1


@pytest.mark.parametrize(("shrinkage", "scheduled"), [(0.0, 14), (0.3, 20), (0.5, 28)])
def test_those_scheduled_leave_so_many_at_work(shrinkage: float, scheduled: int) -> None:
    assert int(people_needed(**NEED, service_level=0.8, shrinkage=shrinkage).scheduled) == scheduled


@pytest.mark.parametrize("lines", [np.inf, 500])
@pytest.mark.parametrize("patience_s", [0, 1e-300, 1e-3, 100, 1e300, np.inf])
def test_the_ends_of_patience_give_numbers(patience_s: float, lines: float) -> None:
    measures = queue_measures(
        calls_per_hour=[1e-9, 36_00.0, 360_000.0], aht_s=100, people=[300, 120, 101], patience_s=patience_s, lines=lines
    )
    for name in measures.__dataclass_fields__:
        assert not np.isnan(getattr(measures, name)).any(), name
    assert ((measures.service_level >= 0) & (measures.service_level <= 1 + 1e-12)).all()
