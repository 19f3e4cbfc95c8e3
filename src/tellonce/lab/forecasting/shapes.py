"""How a day's arrivals spread over the day: a shape by weekday, learned from all days and shrunk where few speak."""

from dataclasses import dataclass

import numpy as np

from tellonce.lab.forecasting.history import ORDINARY, History
from tellonce.lab.forecasting.series import WEEK, Bools, Floats, Ints

_HALF_LIFE_DAYS = 42.0
_PRIOR_CALLS = 2_000.0
_KIND_PRIOR_CALLS = 400.0
_ALIKE = 0.25  # two weekdays whose shapes differ by this share of their arrivals do not speak for each other
_ROUNDS = 3
_LEAST_PART = 0.25  # of a day's usual arrivals that must be known for its total to be told


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """`shares`, shape (days and days to come, intervals), sums to one over each day; `totals` of the days known.

    A total is what the day would have had if all its intervals were known; nan where too few are.
    """

    shares: Floats
    totals: Floats


def shapes_of(history: History) -> Shapes:
    """The shapes of all days and the totals of those known."""
    known = ~np.isnan(history.counts)
    seen = np.where(known, history.counts, 0.0)
    weight = 0.5 ** ((history.days - np.arange(history.days)) / _HALF_LIFE_DAYS)
    shares = history.is_open / np.maximum(history.is_open.sum(axis=1, keepdims=True), 1)
    totals = seen.sum(axis=1)
    for _ in range(_ROUNDS):
        totals = _totals(seen, known, shares[: history.days])
        shares = _shares(history, seen, known, weight, np.nan_to_num(totals))
    return Shapes(shares, totals)


def _totals(seen: Floats, known: Bools, shares: Floats) -> Floats:
    part = (shares * known).sum(axis=1)
    enough = part >= _LEAST_PART
    return np.where(enough, seen.sum(axis=1) / np.where(enough, part, 1.0), np.nan)


def _shares(history: History, seen: Floats, known: Bools, weight: Floats, totals: Floats) -> Floats:
    """The share of each interval in each day's total, closed intervals at zero."""
    calendar, days = history.calendar, history.days
    usable = totals > 0
    arrived = smoothed(seen * (weight * usable)[:, None])
    exposed = smoothed(known * (weight * totals)[:, None])
    ordinary = calendar.kind[:days] == ORDINARY
    weekday = _weekday_shapes(calendar.weekday[:days], arrived * ordinary[:, None], exposed * ordinary[:, None])
    shares = weekday[calendar.like]
    for kind in np.unique(calendar.kind[calendar.kind != ORDINARY]):
        here = calendar.kind[:days] == kind
        of_kind = calendar.kind == kind
        prior = shares[of_kind]
        shares[of_kind] = (arrived[here].sum(axis=0) + _KIND_PRIOR_CALLS * prior) / (
            exposed[here].sum(axis=0) + _KIND_PRIOR_CALLS
        )
    shares = np.where(history.is_open, shares, 0.0)
    sums = shares.sum(axis=1, keepdims=True)
    whole: Floats = np.divide(shares, sums, out=np.zeros_like(shares), where=sums > 0)
    return whole


def smoothed(rows: Floats) -> Floats:
    """Seven tenths of each interval and three of its neighbours' mean; the ends of a day are their own neighbours."""
    padded = np.pad(rows, ((0, 0), (1, 1)), mode="edge")
    smooth: Floats = 0.7 * rows + 0.15 * (padded[:, :-2] + padded[:, 2:])
    return smooth


def _weekday_shapes(weekday: Ints, arrived: Floats, exposed: Floats) -> Floats:
    """Shape (7, intervals): each weekday's shares, shrunk to those of the weekdays that resemble it."""
    sums = np.array([[rows[weekday == day].sum(axis=0) for day in range(WEEK)] for rows in (arrived, exposed)])
    came, out_of = sums
    raw = _rate(came, out_of)
    apart = 0.5 * np.abs(raw[:, None, :] - raw[None, :, :]).sum(axis=2)
    alike = np.clip(1.0 - np.maximum(apart - _by_chance(came), 0.0) / _ALIKE, 0.0, 1.0)
    prior = _rate(alike @ came, alike @ out_of)
    shrunk: Floats = (came + _PRIOR_CALLS * prior) / (out_of + _PRIOR_CALLS)
    return shrunk


def _by_chance(came: Floats) -> Floats:
    """How far apart two weekdays of one shape are expected to be, with as many calls as they have, shape (7, 7)."""
    calls = came.sum(axis=1)
    shape = came.sum(axis=0) / max(float(calls.sum()), 1.0)
    both = 1.0 / np.maximum(calls[:, None], 1.0) + 1.0 / np.maximum(calls[None, :], 1.0)
    far: Floats = np.sqrt(shape).sum() * np.sqrt(both / (2 * np.pi))
    return far


def _rate(came: Floats, out_of: Floats) -> Floats:
    """Arrivals over exposure; the rate of all days together where a weekday was never seen."""
    overall = came.sum(axis=0) / np.maximum(out_of.sum(axis=0), 1e-9)
    rate: Floats = np.where(out_of > 0, came / np.where(out_of > 0, out_of, 1.0), overall)
    return rate
