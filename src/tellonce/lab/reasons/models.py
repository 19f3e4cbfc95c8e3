"""Models that give each matter a probability; each is plain JSON, so that what is stored can be read and trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def softmax(scores: Floats) -> Floats:
    """Probabilities of rows of scores."""
    lifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = lifted / lifted.sum(axis=-1, keepdims=True)
    return shares


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """Multinomial logistic regression: `weights` is (classes, features), `bias` (classes,)."""

    classes: tuple[int, ...]
    names: tuple[str, ...]
    weights: Floats
    bias: Floats

    def probabilities(self, rows: Floats) -> Floats:
        """(n, classes) for (n, features)."""
        return softmax(rows @ self.weights.T + self.bias)

    def to_json(self) -> dict[str, Any]:
        """Lists and numbers, four decimals."""
        return {
            "shape": "logistic",
            "classes": list(self.classes),
            "names": list(self.names),
            "weights": np.round(self.weights, 4).tolist(),
            "bias": np.round(self.bias, 4).tolist(),
        }


@dataclass(frozen=True, slots=True)
class TreesModel:
    """Boosted trees, all walked at once: arrays are (trees, nodes); tree t adds to class t mod classes.

    A leaf has `left` and `right` pointing to itself; `value` is read where the walk ends after `depth` steps.
    """

    classes: tuple[int, ...]
    names: tuple[str, ...]
    base: Floats
    feature: NDArray[np.int32]
    threshold: Floats
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Floats
    depth: int

    def probabilities(self, rows: Floats) -> Floats:
        """(n, classes) for (n, features)."""
        return np.stack([self._one(row) for row in rows])

    def _one(self, row: Floats) -> Floats:
        trees = np.arange(len(self.feature))
        node = np.zeros(len(trees), dtype=np.int32)
        for _ in range(self.depth):
            goes_left = row[self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(goes_left, self.left[trees, node], self.right[trees, node])
        scores = self.base + self.value[trees, node].reshape(-1, len(self.classes)).sum(axis=0)
        return softmax(scores)

    def to_json(self) -> dict[str, Any]:
        """Lists and numbers."""
        return {
            "shape": "trees",
            "classes": list(self.classes),
            "names": list(self.names),
            "base": np.round(self.base, 5).tolist(),
            "feature": self.feature.tolist(),
            "threshold": np.round(self.threshold, 6).tolist(),
            "left": self.left.tolist(),
            "right": self.right.tolist(),
            "value": np.round(self.value, 5).tolist(),
            "depth": self.depth,
        }


Model = LogisticModel | TreesModel


def from_json(stored: dict[str, Any]) -> Model:
    """The model that `to_json` wrote; ValueError for a shape that this version does not know."""
    classes, names = tuple(stored["classes"]), tuple(stored["names"])
    match stored["shape"]:
        case "logistic":
            return LogisticModel(classes, names, np.array(stored["weights"]), np.array(stored["bias"]))
        case "trees":
            return TreesModel(
                classes,
                names,
                base=np.array(stored["base"]),
                feature=np.array(stored["feature"], dtype=np.int32),
                threshold=np.array(stored["threshold"], dtype=np.float64),
                left=np.array(stored["left"], dtype=np.int32),
                right=np.array(stored["right"], dtype=np.int32),
                value=np.array(stored["value"]),
                depth=int(stored["depth"]),
            )
        case other:
            raise ValueError(f"no model has the shape {other!r}")


def most_likely(
    probabilities: Sequence[float] | Floats, classes: Sequence[int], *, count: int = 3
) -> list[tuple[int, float]]:
    """The `count` likeliest matters with their probabilities, the likeliest first."""
    order = np.argsort(-np.asarray(probabilities), kind="stable")[:count]
    return [(classes[place], float(probabilities[place])) for place in order]
