"""What must hold for any queue: monotony, limits in which one model is another, and what sums to one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tellonce.lab.queueing import erlang_b, erlang_b_redialled, people_needed, queue_measures, waits_after

LOADS = st.floats(0.01, 2_000.0)
AHT = st.floats(5.0, 3_000.0)
PATIENCE = st.floats(0.5, 50_000.0)
OFFSET = st.floats(-3.0, 5.0)
SECONDS = st.floats(0.0, 600.0)


def around(load: float, offset: float) -> int:
    """Some number of people: the load and so many of its roots."""
    return max(1, round(load + offset * math.sqrt(load)))


@given(load=LOADS, aht=AHT, patience=PATIENCE, offset=OFFSET, within=SECONDS)
@settings(max_examples=150)
def test_one_more_person_makes_nothing_worse(
    load: float, aht: float, patience: float, offset: float, within: float
) -> None:
    people = np.arange(3) + around(load, offset)
    for patient in (patience, np.inf):
        m = queue_measures(
            calls_per_hour=load * 3600 / aht, aht_s=aht, people=people, patience_s=patient, answer_within_s=within
        )
        close = 1e-12
        assert (np.diff(m.service_level) >= -close).all()
        finite = m.asa_s[np.isfinite(m.asa_s)]
        assert (np.diff(finite) <= close * finite[:-1]).all()
        assert (np.diff(m.abandonment) <= close).all()
        assert (np.diff(m.occupancy) <= close).all()


@given(load=LOADS, aht=AHT, patience=PATIENCE, offset=OFFSET, after=SECONDS, waiting=st.integers(0, 400))
@settings(max_examples=150)
def test_everybody_who_entered_is_answered_gone_or_waiting(
    load: float, aht: float, patience: float, offset: float, after: float, waiting: int
) -> None:
    people = around(load, offset)
    for lines in (np.inf, people + waiting):
        waits = waits_after(
            after_s=np.array([0.0, after, after + 60]), calls_per_hour=load * 3600 / aht, aht_s=aht, people=people,
            patience_s=patience, lines=lines,
        )  # fmt: skip
        assert waits.answered + waits.gave_up + waits.still_waiting == pytest.approx(np.ones(3), abs=1e-12)
        assert (np.diff(waits.answered) >= -1e-13).all()
        assert (np.diff(waits.still_waiting) <= 1e-13).all()


@given(load=LOADS, offset=st.floats(0.1, 5.0), within=SECONDS)
def test_patience_without_end_is_erlang_c(load: float, offset: float, within: float) -> None:
    people = int(load + offset * np.sqrt(load)) + 1
    given_s = {"calls_per_hour": load * 20, "aht_s": 180.0, "people": people, "answer_within_s": within}
    c, a = queue_measures(**given_s), queue_measures(**given_s, patience_s=1e14)
    for name in ("p_wait", "service_level", "asa_s", "answered_wait_s", "occupancy", "mean_queue"):
        assert float(getattr(a, name)) == pytest.approx(float(getattr(c, name)), rel=1e-6, abs=1e-12)


@given(load=LOADS, offset=OFFSET)
def test_no_patience_and_no_place_to_wait_are_erlang_b(load: float, offset: float) -> None:
    people = around(load, offset)
    lost = float(erlang_b(load=load, people=people))
    given_s = {"calls_per_hour": load * 20, "aht_s": 180.0, "people": people}
    left, hardly = queue_measures(**given_s, patience_s=0), queue_measures(**given_s, patience_s=1e-9)
    refused = queue_measures(**given_s, lines=people)
    assert float(left.abandonment) == pytest.approx(lost, rel=1e-12)
    assert float(hardly.abandonment) == pytest.approx(lost, rel=1e-6)
    assert float(refused.blocked) == pytest.approx(lost, rel=1e-12)
    assert float(left.occupancy) == pytest.approx(float(refused.occupancy), rel=1e-12)
    assert float(refused.service_level) == 1.0


@given(load=st.floats(0.1, 300.0), patience=st.floats(20.0, 2_000.0), offset=OFFSET, within=SECONDS)
def test_lines_that_never_fill_are_as_good_as_any_number(
    load: float, patience: float, offset: float, within: float
) -> None:
    """Two ways to the same values: an integral over the offered wait, and a sum over the states."""
    people = around(load, offset)
    given_s = {
        "calls_per_hour": load * 20, "aht_s": 180.0, "people": people, "patience_s": patience,
        "answer_within_s": within,
    }  # fmt: skip
    any_number, many = queue_measures(**given_s), queue_measures(**given_s, lines=people + 9_000)
    for name in ("p_wait", "service_level", "asa_s", "answered_wait_s", "abandonment", "occupancy", "mean_queue"):
        assert float(getattr(many, name)) == pytest.approx(float(getattr(any_number, name)), rel=1e-11, abs=1e-200)


@given(load=LOADS, aht=AHT, patience=PATIENCE, offset=OFFSET, waiting=st.integers(0, 300))
def test_flows_balance(load: float, aht: float, patience: float, offset: float, waiting: int) -> None:
    """Little's law, and that what enters is answered or gives up."""
    people, calls = around(load, offset), load * 3600 / aht
    for lines in (np.inf, people + waiting):
        m = queue_measures(calls_per_hour=calls, aht_s=aht, people=people, patience_s=patience, lines=lines)
        entered = calls / 3600 * (1 - float(m.blocked))
        assert float(m.mean_queue) == pytest.approx(entered * float(m.asa_s), rel=1e-9, abs=1e-250)
        assert float(m.occupancy) * people == pytest.approx(entered * (1 - float(m.abandonment)) * aht, rel=1e-9)
        assert float(m.abandonment) == pytest.approx(float(m.asa_s) / patience, rel=1e-9, abs=1e-250)


@given(
    load=st.floats(0.05, 500.0), patience=st.one_of(st.just(np.inf), PATIENCE), within=SECONDS,
    level=st.floats(0.05, 0.99), occupancy=st.floats(0.5, 1.0), asa=st.floats(0.5, 200.0),
    abandonment=st.floats(0.005, 1.0), extra=st.one_of(st.just(np.inf), st.integers(50, 300)),
)  # fmt: skip
@settings(max_examples=150)
def test_the_least_number_meets_every_target_and_one_less_misses_one(
    load: float, patience: float, within: float, level: float, occupancy: float, asa: float, abandonment: float,
    extra: float,
) -> None:  # fmt: skip
    queue = {
        "calls_per_hour": load * 20, "aht_s": 180.0, "patience_s": patience, "answer_within_s": within,
        "lines": np.ceil(load * 3) + extra,
    }  # fmt: skip
    targets = {"service_level": level, "occupancy": occupancy, "asa_s": asa, "abandonment": abandonment}
    least = int(people_needed(**queue, **targets).people)
    every = queue_measures(**queue, people=np.arange(1, least + 1))
    meets = (
        (every.service_level >= level) & (every.occupancy <= occupancy)
        & (every.asa_s <= asa) & (every.abandonment <= abandonment)
    )  # fmt: skip
    assert meets[-1]
    assert not meets[:-1].any()


@given(load=LOADS, offset=OFFSET, redial=st.floats(0.0, 0.99))
def test_redials_add_load_and_loss(load: float, offset: float, redial: float) -> None:
    people = around(load, offset)
    lost, total = erlang_b_redialled(load=load, people=people, redial=redial)
    assert float(total) >= load
    assert float(lost) >= float(erlang_b(load=load, people=people)) * (1 - 1e-12)
    assert float(total) * (1 - redial * float(lost)) == pytest.approx(load, rel=1e-9)


@given(load=st.floats(1.0, 200.0), offset=OFFSET, patience=PATIENCE, short=st.floats(0.1, 20.0))
def test_short_abandons_are_left_out_of_both_shares(load: float, offset: float, patience: float, short: float) -> None:
    queue = {"calls_per_hour": load * 20, "aht_s": 180.0, "people": around(load, offset), "patience_s": patience}
    apart, plain = queue_measures(**queue, short_abandon_s=short), queue_measures(**queue)
    gone = float(waits_after(**queue, after_s=short).gave_up)
    assert float(apart.service_level) * (1 - gone) == pytest.approx(float(plain.service_level), rel=1e-12)
    assert float(apart.abandonment) <= float(plain.abandonment) * (1 + 1e-12)
