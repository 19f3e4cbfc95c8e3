"""What is promised where a contact solves nothing: by when, whether it is kept, and when the problem is gone then."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tellonce.demo import rates
from tellonce.demo.calendar import Bools, Floats, Ints, Span, half_hour, human_time, office_time
from tellonce.demo.reasons import INDEX, REASONS

PROMISE_KINDS: Final = ("call", "write", "visit", "credit", "fix", "other")
# Days from the contact until a promise of each kind is due.
_DUE_AFTER: Final = ((0.1, 2.0), (0.2, 2.0), (0.7, 4.0), (1.0, 7.0), (0.3, 3.0), (1.0, 5.0))
# What now and then takes weeks (a permit, construction, a dispute): its share of all such problems, what is promised.
DRAWN_OUT: Final = {
    "order_status": (0.05, "visit"),
    "move_home": (0.04, "visit"),
    "wrong_charge": (0.03, "credit"),
    "internet_drops": (0.006, "fix"),
}
_DRAWN_OUT_DAYS: Final = (12.0, 68.0)
_PROMISED: Final = 0.80
_LATEST_DAYS: Final = 3.0
_UNPROMISED_DAYS: Final = 8.0
NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Unsolved:
    """Contacts that solved nothing, as columns: `pending` is when what was promised before will be done (else NaN)."""

    reason: Ints
    region: Ints
    ended: Floats
    owed: Bools
    drawn_out: Bools
    pending: Floats

    def __len__(self) -> int:
        """How many."""
        return len(self.reason)


@dataclass(frozen=True, slots=True)
class Promised:
    """One row a promise that was made; `row` is the row of the contact. NaN: it did not happen."""

    row: Ints
    kind: Ints
    made: Floats
    due: Floats
    kept: Floats
    owned_up: Floats
    done_late: Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of it: `settled` is when we did something about it, `again` when they get in touch (infinite: never).

    `gone` is when the problem counts as solved without another contact (NaN: it stays open until the next one).
    """

    promised: Promised
    settled: Floats
    again: Floats
    gone: Floats


def draw_drawn_out(rng: np.random.Generator, reason: Ints) -> Bools:
    """Which problems take weeks."""
    chance = np.zeros(len(REASONS))
    for key, (share, _) in DRAWN_OUT.items():
        chance[INDEX[key]] = share
    drawn: Bools = rng.random(len(reason)) < chance[reason]
    return drawn


def what_comes(rng: np.random.Generator, span: Span, u: Unsolved) -> Outcome:
    """Promises for most of them, and who gets in touch again; nobody is promised twice what is under way."""
    n = len(u)
    chasing = u.pending > u.ended
    promised = ((rng.random(n) < _PROMISED) | u.owed | u.drawn_out) & ~chasing
    kind = _kinds(rng, u)
    due = _due(rng, span, u, kind)
    kept = promised & ((rng.random(n) < rates.KEPT_PROMISES) | u.owed)
    broken = promised & ~kept
    kept_at = office_time(rng, span, due - rng.beta(1.2, 3.0, n) * (due - u.ended) * 0.8, u.region)
    kept_at = np.maximum(np.minimum(kept_at, due - 1 / 1440), u.ended + 1 / 1440)
    kept_at = np.where(u.owed, due, kept_at)  # after the present: is due, and nothing is broken yet
    owned_up, late = _late(rng, span, u, due)
    made = Promised(
        row=np.nonzero(promised)[0],
        kind=kind[promised],
        made=u.ended[promised],
        due=due[promised],
        kept=np.where(kept, kept_at, NAN)[promised],
        owned_up=np.where(broken, owned_up, NAN)[promised],
        done_late=np.where(broken, late, NAN)[promised],
    )
    some_time = u.ended + np.minimum(0.2 + rng.gamma(1.5, 1.3, n), _UNPROMISED_DAYS)
    some_time = office_time(rng, span, some_time, u.region)
    settled = np.select([chasing, kept, broken], [u.pending, kept_at, late], some_time)
    again = _again(rng, span, u, due=due, settled=settled, promised=promised, broken=broken, chasing=chasing)
    waits = (~promised & ~chasing & np.isfinite(again)) | u.owed
    return Outcome(made, settled, again, np.where(waits, NAN, settled))


def _due(rng: np.random.Generator, span: Span, u: Unsolved, kind: Ints) -> Floats:
    n = len(u)
    low, high = np.array(_DUE_AFTER).T
    days = low[kind] + rng.beta(1.3, 2.2, n) * (high - low)[kind]
    days = np.where(u.drawn_out, rng.uniform(*_DRAWN_OUT_DAYS, n), days)
    soon = span.now + 1.6 * rng.beta(0.8, 1.6, n) + 0.03
    due = office_time(rng, span, np.where(u.owed, soon, u.ended + days), u.region)
    return np.maximum(half_hour(due), half_hour(u.ended + 1 / 24))


def _late(rng: np.random.Generator, span: Span, u: Unsolved, due: Floats) -> tuple[Floats, Floats]:
    """When a broken promise is owned up to (most within the hour, few never) and done after all."""
    n = len(u)
    draw = rng.random(n)
    later = office_time(rng, span, due + 1.2 / 24 + np.minimum(rng.exponential(0.4, n), 2.0), u.region, closes=19.0)
    owned_up = np.where(draw < rates.OWNED_UP, due + rng.uniform(4, 58, n) / 1440, later)
    owned_up = np.where(draw > rates.OWNED_UP_EVER, NAN, owned_up)
    late = due + 1.5 / 24 + np.minimum(rng.exponential(0.6, n), _LATEST_DAYS)
    late = office_time(rng, span, late, u.region, closes=19.0)
    return owned_up, np.where(np.isnan(owned_up), late, np.maximum(late, owned_up + 1 / 1440))


def _again(
    rng: np.random.Generator,
    span: Span,
    u: Unsolved,
    *,
    due: Floats,
    settled: Floats,
    promised: Bools,
    broken: Bools,
    chasing: Bools,
) -> Floats:
    """When each gets in touch again: to ask where it stays, because it was broken, or because it did not help."""
    n = len(u)
    kept = promised & ~broken
    chases = promised & (rng.random(n) < np.where(u.drawn_out, 0.55, 0.08))
    returns = rng.random(n) < np.select([chasing | kept, broken], [0.27, 0.60], 0.45)
    at = np.select(
        [chases, chasing | kept, broken],
        [
            u.ended + rng.uniform(0.3, 0.95, n) * (due - u.ended),
            settled + rng.gamma(1.2, 3.2, n),
            due + 0.02 + rng.exponential(0.35, n),
        ],
        u.ended + 0.4 + rng.gamma(1.2, 2.2, n),
    )
    shaped = human_time(rng, span, at, u.region)
    return np.where((returns | chases) & ~u.owed, shaped, np.inf)


def _kinds(rng: np.random.Generator, u: Unsolved) -> Ints:
    longest = max(len(r.promise) for r in REASONS) * 6
    table = np.array([[PROMISE_KINDS.index(r.promise[k % len(r.promise)]) for k in range(longest)] for r in REASONS])
    kind = table[u.reason, rng.integers(0, longest, len(u))]
    for key, (_, promise) in DRAWN_OUT.items():
        kind = np.where(u.drawn_out & (u.reason == INDEX[key]), PROMISE_KINDS.index(promise), kind)
    return kind
