"""Which waiting call was taken next: the head start that a priority gives, learned from who was passed over.

A common rule serves callers by the time waited plus a head start by priority. For each call taken from the queue, every
other call that the same person could have taken then was passed over; the head starts are those that leave the fewest
passed over that were ahead.
"""

from dataclasses import dataclass

import numpy as np

from tellonce.lab.fitting.contracts import AtWork, CallLog, Floats, Ints

_REACH = 80  # calls before and after in order of coming among which those passed over are looked for
_CLOCKS_S = 2.0
_STEP_S = 5.0
_MOST_S = 600.0
_ROUNDS = 6
_LEAST_PAIRS = 200
_SWEEPS = (60.0, 15.0, 5.0)


@dataclass(frozen=True, slots=True)
class HeadStarts:
    """Seconds of waiting that each priority is given from the outset, shape (priorities,), the least 0.

    `overtaken` is the share of passed-over calls that were ahead by this rule, `overtaken_plain` by time waited alone;
    the rest is skills that the log does not show, clocks, and people who choose for themselves.
    """

    seconds: Floats
    overtaken: float
    overtaken_plain: float
    pairs: int


@dataclass(frozen=True, slots=True)
class _Passed:
    """A call taken while another waited: how much later the other came, and the priorities of both."""

    later_s: Floats
    passed: Ints
    taken: Ints

    def overtaken(self, heads: Floats) -> float:
        return float((self.later_s - heads[self.passed] + heads[self.taken] < -_CLOCKS_S).mean())


def learn_head_starts(log: CallLog, work: AtWork) -> HeadStarts:
    """The head starts, to 5 seconds, by coordinate descent from coarse to fine; zeros where fewer than 200 were passed.

    A priority that no call passed over or taken has keeps 0.
    """
    pairs = _passed(log, work)
    heads = np.zeros(log.priorities)
    if len(pairs.later_s) < _LEAST_PAIRS:
        return HeadStarts(heads, 0.0, 0.0, len(pairs.later_s))
    plain = pairs.overtaken(heads)
    for step in _SWEEPS:
        for _ in range(_ROUNDS):
            before = heads.copy()
            for priority in range(len(heads)):
                heads = _best_move(pairs, heads, priority=priority, step=step)
            if np.array_equal(before, heads):
                break
    heads = np.clip(heads - heads.min(), 0.0, _MOST_S)
    return HeadStarts(heads, pairs.overtaken(heads), plain, len(pairs.later_s))


def _best_move(pairs: _Passed, heads: Floats, *, priority: int, step: float) -> Floats:
    """The head starts with one of them moved to where the fewest are overtaken; ties stay nearest to where it was."""
    moves = np.arange(-4, 5) * step
    tries = np.repeat(heads[None, :], len(moves), axis=0)
    tries[:, priority] += moves
    found = [
        (pairs.overtaken(row), abs(move), place) for place, (row, move) in enumerate(zip(tries, moves, strict=True))
    ]
    best: Floats = tries[min(found)[2]]
    return best


def _passed(log: CallLog, work: AtWork) -> _Passed:
    """All pairs of a call taken from the queue and one that the same person could have taken then."""
    stood = np.flatnonzero(log.waited & (log.priority >= 0))
    order = stood[np.argsort(log.queued_s[stood], kind="stable")]
    came, went = log.queued_s[order], log.began_s[order]
    kind, priority, person = log.kind[order], log.priority[order], log.person[order]
    takes = work.takes[person]  # a person of -1 is no taker, see `taken`
    taken = log.answered[order] & (person >= 0)
    later, passed, by = [np.empty(0)], [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for offset in (*range(-_REACH, 0), *range(1, _REACH + 1)):
        one = np.arange(max(0, -offset), min(len(order), len(order) - offset))
        if not len(one):
            continue
        other = one + offset
        waits = (came[other] < went[one] - _CLOCKS_S) & (went[other] > went[one] + _CLOCKS_S)
        could = taken[one] & waits & takes[one, kind[other]]
        later.append((came[other] - came[one])[could])
        passed.append(priority[other][could])
        by.append(priority[one][could])
    return _Passed(np.concatenate(later), np.concatenate(passed), np.concatenate(by))
