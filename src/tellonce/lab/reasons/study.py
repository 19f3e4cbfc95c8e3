"""From examples to a model and an honest report: learned on earlier months, measured on later ones."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from tellonce.lab.reasons.facts import Asked, History
from tellonce.lab.reasons.features import feature_names, features
from tellonce.lab.reasons.learning import (
    Floats,
    Ints,
    choose_classes,
    class_numbers,
    learn_logistic,
    learn_trees,
    log_loss,
)
from tellonce.lab.reasons.models import Model
from tellonce.lab.reasons.rules import RulesModel

LEARNED_SHARE: Final = 0.75
_BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Example:
    """One past contact: what was on record, when and how it came, and the matter that it was about."""

    history: History
    asked: Asked
    matter: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How well probabilities did: shares of first guesses and of first three that were right, mean log loss."""

    first: float
    first_three: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class Bin:
    """First guesses of about one probability: how many, the mean that was said, the share that was right."""

    count: int
    said: float
    right: float


@dataclass(frozen=True, slots=True)
class Report:
    """A model on contacts after those it learned from, beside what needs no model. `calibration_error` is the ECE."""

    learned_on: int
    measured_on: int
    shape: str
    model: Figures
    base_rate: Figures
    last_matter: Figures
    rules: Figures
    calibration_error: float
    reliability: tuple[Bin, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain dictionaries and numbers."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Learned:
    """A model and its report."""

    model: Model
    report: Report


def rows_of(examples: Sequence[Example], classes: Sequence[int]) -> Floats:
    """(n, features): each example read as of its own moment."""
    return np.array([features(example.history, example.asked, classes) for example in examples], dtype=np.float64)


def study(
    examples: Sequence[Example], *, codes: Mapping[int, str], split_at: float, with_trees: bool = False
) -> Learned:
    """Learns from examples before day `split_at` and measures on the rest; both must hold enough.

    With `with_trees` boosted trees compete: the kind with the lower log loss on the last sixth of the earlier
    examples is learned on all of them. The later ones choose nothing. Raises ValueError when a part is empty.
    """
    earlier = sorted((e for e in examples if e.asked.at < split_at and e.matter), key=lambda e: e.asked.at)
    later = [e for e in examples if e.asked.at >= split_at and e.matter]
    if not earlier or not later:
        raise ValueError("there must be contacts on both sides of the split")
    classes = choose_classes([e.matter for e in earlier])
    names = feature_names(classes)
    rows, numbers = rows_of(earlier, classes), class_numbers([e.matter for e in earlier], classes)
    shape = _better_shape(rows, numbers, classes, names) if with_trees else "logistic"
    learn = learn_trees if shape == "trees" else learn_logistic
    model: Model = learn(rows, numbers, classes=classes, names=names)
    report = measure(model, later, earlier_numbers=numbers, codes=codes, shape=shape)
    return Learned(model, report)


def _better_shape(rows: Floats, numbers: Ints, classes: Sequence[int], names: Sequence[str]) -> str:
    """Which kind does better on the last sixth after learning from the rest."""
    cut = len(rows) * 5 // 6
    losses = {}
    for shape, learn in (("logistic", learn_logistic), ("trees", learn_trees)):
        model: Model = learn(rows[:cut], numbers[:cut], classes=classes, names=names)
        losses[shape] = log_loss(model.probabilities(rows[cut:]), numbers[cut:])
    return min(losses, key=lambda shape: losses[shape])


def measure(
    model: Model, later: Sequence[Example], *, earlier_numbers: Ints, codes: Mapping[int, str], shape: str
) -> Report:
    """The report of `model` on examples that it did not learn from."""
    classes = model.classes
    rows = rows_of(later, classes)
    numbers = class_numbers([example.matter for example in later], classes)
    said = model.probabilities(rows)
    counts = np.bincount(earlier_numbers[earlier_numbers >= 0], minlength=len(classes)) + 1.0
    rates: Floats = np.asarray(counts / counts.sum(), dtype=np.float64)
    base = np.tile(rates, (len(later), 1))
    rules = RulesModel(classes, rates, feature_names(classes), codes)
    error, bins = reliability(said, numbers)
    return Report(
        learned_on=len(earlier_numbers),
        measured_on=len(later),
        shape=shape,
        model=figures(said, numbers),
        base_rate=figures(base, numbers),
        last_matter=figures(_last_matter(later, classes, rates), numbers),
        rules=figures(rules.probabilities(rows), numbers),
        calibration_error=error,
        reliability=bins,
    )


def figures(probabilities: Floats, numbers: Ints) -> Figures:
    """First guess, first three and log loss; a matter outside the classes counts as missed."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    hits = order[:, :3] == numbers[:, None]
    return Figures(float(hits[:, 0].mean()), float(hits.any(axis=1).mean()), log_loss(probabilities, numbers))


def reliability(probabilities: Floats, numbers: Ints) -> tuple[float, tuple[Bin, ...]]:
    """Expected calibration error of the first guess, and the ten bins (of equal width) that it comes from."""
    guess = probabilities.argmax(axis=1)
    said = probabilities.max(axis=1)
    right = (guess == numbers).astype(np.float64)
    place = np.minimum((said * _BINS).astype(np.int64), _BINS - 1)
    bins = tuple(
        Bin(int((place == b).sum()), float(said[place == b].mean()), float(right[place == b].mean()))
        for b in range(_BINS)
        if (place == b).any()
    )
    error = sum(each.count * abs(each.said - each.right) for each in bins) / len(numbers)
    return float(error), bins


def _last_matter(later: Sequence[Example], classes: Sequence[int], rates: Floats) -> Floats:
    """Says that it is about what the last contact was about (half of the weight; the base rate has the rest)."""
    places = {matter: place for place, matter in enumerate(classes)}
    table = np.tile(rates, (len(later), 1))
    for number, example in enumerate(later):
        before = [c for c in example.history.contacts if c.ended < example.asked.at and c.matter]
        place = places.get(max(before, key=lambda c: c.ended).matter, -1) if before else -1
        if place >= 0:
            table[number] *= 0.5
            table[number, place] += 0.5
    return table
