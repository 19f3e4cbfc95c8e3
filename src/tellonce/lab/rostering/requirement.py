"""From arrivals and a target to the people wanted per interval, and to what one person short costs callers."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tellonce.lab.queueing import people_needed, queue_measures
from tellonce.lab.rostering.terms import Requirement

HOURS_A_DAY = 24


def requirement_for(
    *,
    skills: tuple[str, ...],
    calls: ArrayLike,
    aht_s: ArrayLike,
    target: float,
    answer_within_s: float = 20.0,
    patience_s: ArrayLike = np.inf,
    shrinkage: float = 0.0,
    open_at: NDArray[np.bool_] | None = None,
) -> Requirement:
    """The least people to schedule so that each interval keeps the target by Erlang A, as if settled in each.

    Args:
        skills: names, one for each row of `calls`.
        calls: calls that come in each interval, shape (skills, 7, intervals a day), zero or more.
        aht_s: mean seconds of a call; a number, or an array that broadcasts with `calls`.
        target: share to be answered in time, from 0 to below 1.
        answer_within_s: seconds within which an answer is in time.
        patience_s: mean seconds until a caller gives up; inf is Erlang C.
        shrinkage: share of the scheduled who are not at the phones, from 0 to below 1.
        open_at: as in `Requirement`.

    Returns:
        Whole people scheduled (0 where nobody calls), and as `hurt` the callers of the interval who are no longer
        answered in time when one of the scheduled is missing.

    Raises:
        QueueInputError: a negative rate or a target outside its bounds.
    """
    each = np.asarray(calls, dtype=np.float64)
    rate = each * (each.shape[-1] / HOURS_A_DAY)
    queue = {"calls_per_hour": rate, "aht_s": aht_s, "patience_s": patience_s, "answer_within_s": answer_within_s}
    staffing = people_needed(**queue, service_level=target, shrinkage=shrinkage)
    fewer = queue_measures(**queue, people=np.maximum(staffing.people - 1, 1)).service_level
    lost = staffing.measures.service_level - np.where(staffing.people > 1, fewer, 0.0)
    wanted = np.where(each > 0, staffing.scheduled, 0)
    hurt = np.where(each > 0, each * lost * (1.0 - shrinkage), 1.0)
    return Requirement(skills, wanted, hurt, open_at)
