"""Arguments brought to one shape, and refused where they describe no queue."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tellonce.lab.queueing.errors import QueueInputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_PEOPLE = 10_000_000
MOST_WAITING = 10_000_000
_FOR_EVER_S = 1e15


def numbers(field: str, value: ArrayLike) -> Floats:
    """Any array of numbers as float64; what is not a number is refused."""
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise QueueInputError(field, "must be a number or an array of numbers.") from error
    if np.isnan(array).any():
        raise QueueInputError(field, "must not be missing (nan).")
    return array


def checked(field: str, value: ArrayLike, *, holds: Callable[[Floats], NDArray[np.bool_]], rule: str) -> Floats:
    """The numbers, if the rule holds for all."""
    array = numbers(field, value)
    if not holds(array).all():
        wrong = array[~holds(array)].flat[0]
        raise QueueInputError(field, f"must be {rule}, not {wrong:g}.")
    return array


def at_least_zero(field: str, value: ArrayLike) -> Floats:
    """Zero or more, and finite."""
    return checked(field, value, holds=lambda x: (x >= 0) & (x < np.inf), rule="zero or more")


def above_zero(field: str, value: ArrayLike) -> Floats:
    """More than zero, and finite."""
    return checked(field, value, holds=lambda x: (x > 0) & (x < np.inf), rule="more than zero")


def seconds_or_never(field: str, value: ArrayLike) -> Floats:
    """Zero or more; infinite is allowed."""
    return checked(field, value, holds=lambda x: x >= 0, rule="zero or more")


def share(field: str, value: ArrayLike) -> Floats:
    """Zero to one, both included."""
    return checked(field, value, holds=lambda x: (x >= 0) & (x <= 1), rule="between 0 and 1")


def share_below_one(field: str, value: ArrayLike) -> Floats:
    """Zero to one, one excluded."""
    return checked(field, value, holds=lambda x: (x >= 0) & (x < 1), rule="at least 0 and below 1")


def share_above_zero(field: str, value: ArrayLike) -> Floats:
    """Zero to one, zero excluded."""
    return checked(field, value, holds=lambda x: (x > 0) & (x <= 1), rule="above 0 and at most 1")


def whole(field: str, value: ArrayLike, *, most: int = MOST_PEOPLE) -> Floats:
    """Whole numbers from one."""
    return checked(
        field,
        value,
        holds=lambda x: (x >= 1) & (x <= most) & (x == np.floor(x)),
        rule=f"a whole number from 1 to {most:,}",
    )


def lines_or_any(value: ArrayLike) -> Floats:
    """Whole numbers from one, or infinite."""
    most = MOST_PEOPLE + MOST_WAITING
    return checked(
        "lines", value,
        holds=lambda x: (x == np.inf) | ((x >= 1) & (x <= most) & (x == np.floor(x))),
        rule=f"a whole number from 1 to {most:,}, or infinite",
    )  # fmt: skip


def as_lines(lines: Floats) -> Ints:
    """Infinite as -1."""
    return np.where(np.isinf(lines), -1, lines).astype(np.int64)


def as_rate(mean_s: Floats) -> Floats:
    """One over the mean; zero for infinite or beyond 1e15 seconds (30 million years), infinite for zero."""
    with np.errstate(divide="ignore"):
        rate: Floats = np.where(mean_s > _FOR_EVER_S, 0.0, 1.0 / mean_s)
    return rate


def together(*arrays: Floats) -> tuple[tuple[int, ...], list[Floats]]:
    """The common shape, and each array flattened to it; arrays whose shapes do not fit are refused."""
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError as error:
        raise QueueInputError("the arrays", "must have shapes that fit together.") from error
    return shape, [np.array(np.broadcast_to(array, shape), order="C").reshape(-1) for array in arrays]
