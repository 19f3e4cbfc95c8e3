"""The reason model: reads only the past, keeps its word in JSON, and says probabilities that come true."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellonce.lab.reasons import (
    NEVER,
    Asked,
    Example,
    History,
    PastCase,
    PastContact,
    PastDevice,
    PastOutage,
    PastPromise,
    PastService,
    feature_names,
    features,
    from_json,
    most_likely,
    study,
)
from tellonce.lab.reasons.learning import class_numbers, learn_logistic, learn_trees, log_loss
from tellonce.lab.reasons.study import figures, reliability

CLASSES = (11, 12, 13)
LOCAL = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
AT = 20_000.5


def asked(at: float = AT) -> Asked:
    return Asked(at=at, local=LOCAL, channel="call")


def read(history: History, at: float = AT) -> dict[str, float]:
    return dict(zip(feature_names(CLASSES), features(history, asked(at), CLASSES), strict=True))


def somebody(**facts: object) -> History:
    return replace(History(kind="person", since=AT - 900, left=NEVER), **facts)  # type: ignore[arg-type]  # any field


def test_names_and_values_have_the_same_length() -> None:
    assert (
        len(features(somebody(), asked(), CLASSES)) == len(feature_names(CLASSES)) == len(set(feature_names(CLASSES)))
    )


def test_what_just_happened_is_seen() -> None:
    seen = read(
        somebody(
            outages=(PastOutage("lost", AT - 0.1, NEVER), PastOutage("degraded", AT - 3, AT - 2.9)),
            cases=(PastCase(12, ((AT - 4, True),)),),
            promises=(PastPromise("visit", AT - 2, AT - 1, NEVER, NEVER),),
            contacts=(PastContact(AT - 4.1, AT - 4, 12),),
            cycle_days=(8,),
            services=(PastService("internet", AT - 900, NEVER, AT - 5),),
        )
    )
    assert seen["outage_now_lost"] == seen["open_case:12"] == seen["broken_visit"] == seen["not_owned_up"] == 1.0
    assert seen["bill_2_5"] == seen["promotion_over_0_8"] == seen["dearer_bill"] == seen["has_internet"] == 1.0
    assert seen["spoken_of_days:12"] == pytest.approx(math.exp(-1))
    assert seen["outage_now_degraded"] == seen["open_case:11"] == seen["not_connected_yet"] == 0.0


def test_a_case_that_was_solved_and_reopened_later_is_not_open_in_between() -> None:
    case = PastCase(11, ((AT - 10, True), (AT - 9, False), (AT + 1, True)))
    assert read(somebody(cases=(case,)))["open_case:11"] == 0.0
    assert read(somebody(cases=(case,)))["solved_lately:11"] == 1.0
    assert read(somebody(cases=(case,)), at=AT + 2)["open_case:11"] == 1.0


@given(after=st.floats(0.0, 400.0), lasts=st.floats(0.0, 50.0))
def test_nothing_from_the_moment_asked_on_changes_a_feature(after: float, lasts: float) -> None:
    past = somebody(contacts=(PastContact(AT - 4.1, AT - 4, 12),), cycle_days=(3,))
    later = AT + after
    future = replace(
        past,
        contacts=(*past.contacts, PastContact(later, later + lasts, 13)),
        cases=(PastCase(13, ((later, True), (later + lasts, False))),),
        promises=(PastPromise("call", later, later + lasts, NEVER, NEVER),),
        outages=(PastOutage("lost", later, later + lasts),),
        services=(PastService("tv", later + 1e-6, NEVER, later + 300),),
        devices=(PastDevice("modem", True, later + 1e-6, NEVER),),
        lived_since=(later + 1e-6,),
    )
    assert features(future, asked(), CLASSES) == features(past, asked(), CLASSES)


def test_the_end_of_what_goes_on_is_not_known_yet() -> None:
    ended = somebody(
        outages=(PastOutage("lost", AT - 0.1, AT + 0.2),),
        promises=(PastPromise("call", AT - 1, AT + 1, AT + 0.5, NEVER),),
    )
    goes_on = somebody(
        outages=(PastOutage("lost", AT - 0.1, NEVER),), promises=(PastPromise("call", AT - 1, AT + 1, NEVER, NEVER),)
    )
    assert features(ended, asked(), CLASSES) == features(goes_on, asked(), CLASSES)


def examples(count: int, *, seed: int) -> list[Example]:
    """Customers whose open case decides their matter, nine times in ten."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        at = AT + number / 10
        about = int(rng.choice(CLASSES))
        has_case = rng.random() < 0.6
        matter = about if rng.random() < 0.9 or not has_case else int(rng.choice(CLASSES))
        cases = (PastCase(about, ((at - 1, True),)),) if has_case else ()
        local = LOCAL + timedelta(hours=number)
        made.append(Example(somebody(cases=cases, since=at - 500), Asked(at, local, "call"), matter))
    return made


def test_it_learns_what_decides_and_says_how_sure_it_is() -> None:
    many = examples(3000, seed=1)
    learned = study(many, codes={}, split_at=AT + 225)
    report = learned.report
    assert report.learned_on + report.measured_on == 3000
    assert report.model.first > report.base_rate.first + 0.2
    assert report.model.log_loss < report.base_rate.log_loss
    assert report.calibration_error < 0.06
    assert sum(each.count for each in report.reliability) == report.measured_on


def test_trees_and_logistic_say_the_same_after_a_trip_through_json() -> None:
    many = examples(900, seed=2)
    names = feature_names(CLASSES)
    rows = np.array([features(e.history, e.asked, CLASSES) for e in many])
    numbers = class_numbers([e.matter for e in many], CLASSES)
    for learn in (learn_logistic, learn_trees):
        model = learn(rows, numbers, classes=CLASSES, names=names)
        again = from_json(json.loads(json.dumps(model.to_json())))
        assert np.allclose(model.probabilities(rows[:50]), again.probabilities(rows[:50]), atol=2e-3)
        assert np.allclose(again.probabilities(rows[:50]).sum(axis=1), 1.0)


def test_the_walk_through_the_trees_is_scikit_learns() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - the reference, for this test only

    many = examples(900, seed=3)
    rows = np.array([features(e.history, e.asked, CLASSES) for e in many])
    numbers = class_numbers([e.matter for e in many], CLASSES)
    ours = learn_trees(rows, numbers, classes=CLASSES, names=feature_names(CLASSES), rounds=20)
    theirs = HistGradientBoostingClassifier(
        max_iter=20, learning_rate=0.1, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=5.0,
        early_stopping=False, random_state=0,
    ).fit(rows, numbers)  # fmt: skip
    assert np.allclose(ours.probabilities(rows), theirs.predict_proba(rows), atol=1e-6)


def test_a_matter_that_was_never_learned_costs_and_breaks_nothing() -> None:
    probabilities = np.array([[0.7, 0.3], [0.2, 0.8]])
    numbers = np.array([0, -1])
    assert log_loss(probabilities, numbers) == pytest.approx((-math.log(0.7) - math.log(1e-4)) / 2)
    assert figures(probabilities, numbers).first == 0.5


def test_reliability_of_a_perfectly_calibrated_guess_is_zero() -> None:
    probabilities = np.tile([0.8, 0.2], (100, 1))
    numbers = np.array([0] * 80 + [1] * 20)
    error, bins = reliability(probabilities, numbers)
    assert error == pytest.approx(0.0)
    assert bins[0].count == 100


def test_the_likeliest_come_first() -> None:
    assert most_likely([0.1, 0.6, 0.3], CLASSES, count=2) == [(12, 0.6), (13, 0.3)]
