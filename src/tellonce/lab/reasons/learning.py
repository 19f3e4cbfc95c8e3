"""Learning from past contacts. Split by time, never by chance; choose by log loss on months that were not learned."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tellonce.kernel.later import Later
from tellonce.lab.reasons.models import LogisticModel, TreesModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_OF_A_CLASS: Final = 25
_trees, _linear = Later("sklearn.ensemble"), Later("sklearn.linear_model")


def choose_classes(matters: Sequence[int], *, least: int = LEAST_OF_A_CLASS) -> tuple[int, ...]:
    """The matters that occur at least `least` times, most frequent first; the others cannot be learned."""
    return tuple(matter for matter, count in Counter(matters).most_common() if count >= least and matter)


def class_numbers(matters: Sequence[int], classes: Sequence[int]) -> Ints:
    """Each matter's place in `classes`; -1 for one that is not among them."""
    places = {matter: place for place, matter in enumerate(classes)}
    return np.array([places.get(matter, -1) for matter in matters], dtype=np.int64)


def learn_logistic(
    rows: Floats, numbers: Ints, *, classes: Sequence[int], names: Sequence[str], strength: float = 0.5
) -> LogisticModel:
    """Multinomial logistic regression with an L2 penalty of 1/`strength`; rows of class -1 are left out."""
    known = numbers >= 0
    learner = _linear.LogisticRegression(C=strength, max_iter=300, tol=1e-3)
    with threadpool_limits(1):  # these products are small: two threads on a busy machine took eight times as long
        learner.fit(rows[known].astype(np.float32), numbers[known])
    weights = np.zeros((len(classes), rows.shape[1]))
    bias = np.full(len(classes), -20.0)  # a class without a single row is all but impossible
    weights[learner.classes_] = learner.coef_
    bias[learner.classes_] = learner.intercept_
    return LogisticModel(tuple(classes), tuple(names), weights, bias)


def learn_trees(
    rows: Floats, numbers: Ints, *, classes: Sequence[int], names: Sequence[str], rounds: int = 60, seed: int = 0
) -> TreesModel:
    """Gradient boosting over binned features; every class must occur in `numbers`."""
    known = numbers >= 0
    learner = _trees.HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=0.1, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=5.0,
        early_stopping=False, random_state=seed,
    )  # fmt: skip
    with threadpool_limits(1):
        learner.fit(rows[known], numbers[known])
    return _as_arrays(learner, classes, names)


def _as_arrays(learner: Any, classes: Sequence[int], names: Sequence[str]) -> TreesModel:
    trees = [tree.nodes for round_of in learner._predictors for tree in round_of]  # noqa: SLF001 - the trees are nowhere else
    width = max(len(nodes) for nodes in trees)
    shape = (len(trees), width)
    feature, left, right = (np.zeros(shape, dtype=np.int32) for _ in range(3))
    threshold, value = np.zeros(shape), np.zeros(shape)
    depth = 0
    for number, nodes in enumerate(trees):
        count = len(nodes)
        own = np.arange(count, dtype=np.int32)
        leaf = nodes["is_leaf"].astype(bool)
        feature[number, :count] = np.where(leaf, 0, nodes["feature_idx"])
        threshold[number, :count] = np.where(leaf, 0.0, np.minimum(nodes["num_threshold"], 1e9))
        left[number, :count] = np.where(leaf, own, nodes["left"])
        right[number, :count] = np.where(leaf, own, nodes["right"])
        value[number, :count] = nodes["value"]
        depth = max(depth, int(nodes["depth"].max()))
    base = np.asarray(learner._baseline_prediction, dtype=np.float64).reshape(-1)  # noqa: SLF001 - as above
    return TreesModel(tuple(classes), tuple(names), base, feature, threshold, left, right, value, depth)


def log_loss(probabilities: Floats, numbers: Ints) -> float:
    """Mean -log of the true class's probability; a matter that the model does not know counts as 1 in 10,000."""
    known = numbers >= 0
    chosen = np.where(known, probabilities[np.arange(len(numbers)), np.maximum(numbers, 0)], 1e-4)
    return float(-np.log(np.maximum(chosen, 1e-4)).mean())
