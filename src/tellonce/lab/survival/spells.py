"""Durations of which some ended and some were only watched for so long."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tellonce.lab.survival.errors import SurvivalInputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Spells:
    """Checked durations, each array of shape (n,): watched from `entered` until `durations`, ended there if `observed`.

    Any unit of time. A spell that was watched from its beginning has `entered` 0.
    """

    durations: Floats
    observed: Flags
    entered: Floats

    @property
    def ends(self) -> Floats:
        """The durations of those that ended, in rising order, shape (ended,)."""
        ends: Floats = np.sort(self.durations[self.observed])
        return ends

    def exposure_until(self, times: Floats) -> Floats:
        """Time watched by all spells together up to each time, the shape of `times`."""
        return _clipped_sum(self.durations, times) - _clipped_sum(self.entered, times)


def checked_spells(durations: ArrayLike, observed: ArrayLike, entered: ArrayLike | None = None) -> Spells:
    """The spells, or a SurvivalInputError: empty, negative, missing, of other shapes, or watched for no time at all."""
    lasted = np.asarray(durations, dtype=np.float64)
    ended = np.asarray(observed)
    began = np.zeros_like(lasted) if entered is None else np.asarray(entered, dtype=np.float64)
    if lasted.ndim != 1 or not len(lasted):
        raise SurvivalInputError("durations", "must be a list of at least one duration.")
    if not (np.isfinite(lasted).all() and (lasted >= 0).all()):
        raise SurvivalInputError("durations", "must be finite and zero or more.")
    if ended.dtype != np.bool_ or ended.shape != lasted.shape:
        raise SurvivalInputError("observed", "must be yes or no for each duration.")
    if began.shape != lasted.shape or not (began >= 0).all():
        raise SurvivalInputError("entered", "must be zero or more for each duration.")
    if (began > lasted).any() or ((began == lasted) & (began > 0)).any():
        raise SurvivalInputError("entered", "must be before the end of each duration.")
    return Spells(lasted, ended, began)


def _clipped_sum(values: Floats, times: Floats) -> Floats:
    """The sum over all values of the lesser of value and time, for each time."""
    ordered = np.sort(values)
    sums = np.concatenate(([0.0], np.cumsum(ordered)))
    below = np.searchsorted(ordered, times, side="right")
    total: Floats = sums[below] + (len(ordered) - below) * np.asarray(times, dtype=np.float64)
    return total
