"""By how much outages raised or lowered arrivals, and what a planned one will do."""

import numpy as np

from tellonce.lab.forecasting.history import History, within
from tellonce.lab.forecasting.series import Floats
from tellonce.lab.forecasting.shapes import shapes_of

_PRIOR_CALLS = 50.0  # that are expected: a lift seen on fewer is drawn towards none


def lifts(history: History) -> dict[str, float]:
    """By kind of outage: arrivals in past ones over what was usual then, shrunk towards 1.

    What was usual is the day's total outside of outages, spread by the day's shape; an outage that fills its day
    says nothing.
    """
    found: dict[str, tuple[float, float]] = {}
    shapes = shapes_of(history)
    usual = np.nan_to_num(shapes.totals)[:, None] * shapes.shares[: history.days]
    came = history.series.counts
    for outage in history.series.outages:
        inside = within(history.series, outage, days=history.days) & (usual > 0) & ~np.isnan(came)
        seen, expected = found.get(outage.kind, (0.0, 0.0))
        found[outage.kind] = (seen + float(came[inside].sum()), expected + float(usual[inside].sum()))
    return {kind: (seen + _PRIOR_CALLS) / (expected + _PRIOR_CALLS) for kind, (seen, expected) in found.items()}


def lift_ahead(history: History) -> Floats:
    """What planned outages multiply arrivals by, shape (days to come, intervals)."""
    days = history.days + history.ahead
    ahead = np.ones((history.ahead, history.counts.shape[1]))
    planned = [outage for outage in history.series.outages if outage.planned]
    touched = [within(history.series, outage, days=days)[history.coming] for outage in planned]
    if any(inside.any() for inside in touched):
        known = lifts(history)
        for outage, inside in zip(planned, touched, strict=True):
            ahead[inside] *= known[outage.kind]
    return ahead
