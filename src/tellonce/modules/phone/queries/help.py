"""What would help in the next half hour: a few moves, played from how the floor is now, kept for a minute."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.core.cache import cache

from tellonce.lab.routing import Rules
from tellonce.lab.simulation import difference
from tellonce.modules.phone.contracts import PersonState as State
from tellonce.modules.phone.models import Queue
from tellonce.modules.phone.queries.floor import PersonHere, Waiter, day_of, open_queues, people_of, waiting
from tellonce.modules.phone.queries.pace import QueuePace, pace_of, usual_calls
from tellonce.modules.phone.queries.queues import as_line
from tellonce.modules.phone.queries.rehearsing import (
    HORIZON_S,
    Floats,
    Join,
    Lend,
    Move,
    Nothing,
    OfferCallbacks,
    PersonState,
    Played,
    QueueState,
    Situation,
    lenders,
    play,
)
from tellonce.modules.phone.queries.rules import routing_rules

KEPT_S = 60
_WORKING_S = 90  # the first look after an update may have to wait for the compiler
_SEED = 20_260_302
_MOST_HELPED, _MOST_GIVERS, _MOST_LENT = 2, 2, 2  # queues that are helped, queues that lend to each, people lent
_SAME = 0.005  # a share that falls by less has not fallen
_WORTH_IT = 0.02  # and one that rises by less is not worth moving anybody


@dataclass(frozen=True, slots=True)
class Range:
    """A share over the half hours that were played: the mean, and between what 8 of 10 of them lie. nan of nobody."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """A queue in the next half hour if nothing is done."""

    queue: str
    in_time: Range
    hung_up: Range


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A move that helps its queue beyond what chance gives, and breaks no other: shares before and after.

    The shares are of those answered in time, or where callbacks are offered of those who hang up. `calls` is for how
    many callers in the half hour it makes a difference.
    """

    move: Move
    to: str
    before: Range
    after: Range
    calls: float
    giver: str = ""
    giver_before: float = 0.0
    giver_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Help:
    """What was worked out, and when: `tried` moves, and of them those that help, by queue and then the best first."""

    at: datetime
    outlooks: tuple[Outlook, ...]
    suggestions: tuple[Suggestion, ...]
    tried: int


def help_now(now: datetime, *, pressed: str) -> Help | None:
    """What would help, at most KEPT_S old and with these queues pressed; None while another look is worked out."""
    key = f"floor-help:{pressed}"
    kept: Help | None = cache.get(key)
    if kept is not None:
        return kept
    if not cache.add("floor-help-working", value=True, timeout=_WORKING_S):
        return None
    try:
        found = worked_out(situation(now), now)
        cache.set(key, found, KEPT_S)
    finally:
        cache.delete("floor-help-working")
    return found


def situation(now: datetime) -> Situation:
    """The floor as the simulator is told of it."""
    queues = open_queues()
    lines = [as_line(queue) for queue in queues]
    people, waiters = people_of(queues), waiting()
    usual = usual_calls([queue.pk for queue in queues], now)
    with day_of(lines, now) as (fold, since):
        first = min(since.values(), default=now.timestamp())
        paces = {
            queue.code: pace_of(
                fold.paces.get(queue.code), usual.get(queue.pk), now=now.timestamp(), since=first
            )
            for queue in queues
        }  # fmt: skip
    states = tuple(_queue(queue, paces[queue.code], waiters, now) for queue in queues)
    there = (_person(person, queues, now) for person in people if person.is_at_work)
    return Situation(states, tuple(person for person in there if person.levels), _rules(queues))


def _rules(queues: Sequence[Queue]) -> Rules:
    """Those of the switchboard; what they keep free by skill holds for the queues that ask for it."""
    rules, skills = routing_rules(), {queue.code: queue.skill_code or queue.code for queue in queues}
    kept = {code: rules.reserve[skill] for code, skill in skills.items() if skill in rules.reserve}
    return replace(rules, reserve=kept)


def _queue(queue: Queue, pace: QueuePace, waiters: Sequence[Waiter], now: datetime) -> QueueState:
    return QueueState(
        code=queue.code,
        within_s=float(queue.target_within_s),
        share=queue.target_share,
        priority=queue.priority,
        per_hour=pace.per_hour,
        handle_s=pace.handle_s,
        variation=pace.variation,
        leaving=pace.leaving,
        callback_above_s=queue.callback_above_s,
        waits=tuple(((now - each.since).total_seconds(), each.is_callback) for each in waiters
                    if each.queue == queue.code),
    )  # fmt: skip


def _person(person: PersonHere, queues: Sequence[Queue], now: datetime) -> PersonState:
    talks = person.state in {State.ON_CONTACT, State.LISTENING} and person.since is not None
    wraps = person.state == State.WRAPPING_UP and person.wrap_until is not None
    return PersonState(
        levels={queue.code: person.skills[queue.skill_code or queue.code] for queue in queues if person.takes(queue)},
        talked_s=(now - person.since).total_seconds() if talks and person.since else None,
        wrap_s=(person.wrap_until - now).total_seconds() if wraps and person.wrap_until else None,
        site=person.place[0],
        partner=person.place[1],
    )


def worked_out(now_is: Situation, at: datetime, *, seed: int = _SEED) -> Help:
    """Plays the half hour as it is and with each move that could help the queues that need it most."""
    if not now_is.queues:
        return Help(at, (), (), 0)
    base = play(now_is, Nothing(), seed=seed)
    needy = [queue.code for queue in _needy(now_is, base)]
    moves = list(_moves(now_is, base))
    tried = [(move, play(now_is, move, seed=seed)) for move in moves]
    helpful = [_suggestion(now_is, move, base, after) for move, after in tried if _helps(now_is, move, base, after)]
    outlooks = tuple(
        Outlook(queue.code, _range(base.in_time[queue.code]), _range(base.hung_up[queue.code]))
        for queue in now_is.queues
    )
    helpful.sort(key=lambda each: (needy.index(each.to), -each.calls))
    return Help(at, outlooks, tuple(helpful), len(moves))


def _moves(now_is: Situation, base: Played) -> Iterator[Move]:
    for to in _needy(now_is, base):
        for giver in _givers(now_is, base, to.code):
            for people in range(1, min(_MOST_LENT, len(lenders(now_is, giver, to.code))) + 1):
                yield Lend(giver, to.code, people)
        for people in range(1, _MOST_LENT + 1):
            yield Join(to.code, people)
        if to.callback_above_s is None:
            yield OfferCallbacks(to.code)


def _needy(now_is: Situation, base: Played) -> list[QueueState]:
    """Those that will miss their target: first those where most wait too long now, then where most will."""

    def late(queue: QueueState) -> tuple[int, float]:
        coming = queue.per_hour * (1.0 - _mean(base.in_time[queue.code]))
        return sum(waited_s > queue.within_s for waited_s, _ in queue.waits), coming

    needy = [queue for queue in now_is.queues if _mean(base.in_time[queue.code]) < queue.share]
    return sorted(needy, key=late, reverse=True)[:_MOST_HELPED]


def _givers(now_is: Situation, base: Played, to: str) -> list[str]:
    """Queues that keep their target and have people for the other one as well, those with most to spare first."""
    spare = {queue.code: _mean(base.in_time[queue.code]) - queue.share for queue in now_is.queues if queue.code != to}
    able = [code for code, more in spare.items() if more > 0 and lenders(now_is, code, to)]
    return sorted(able, key=lambda code: -spare[code])[:_MOST_GIVERS]


def _helps(now_is: Situation, move: Move, base: Played, after: Played) -> bool:
    """It is better for its queue, clearly and worth it, and no other queue falls below its target by it."""
    to, sign = _to(move), -1.0 if isinstance(move, OfferCallbacks) else 1.0
    gain = difference(sign * _measured(move, base), sign * _measured(move, after))
    others = (queue for queue in now_is.queues if queue.code != to)
    return bool(gain.low > 0 and gain.mean >= _WORTH_IT) and not any(_breaks(queue, base, after) for queue in others)


def _breaks(queue: QueueState, base: Played, after: Played) -> bool:
    now, then = _mean(base.in_time[queue.code]), _mean(after.in_time[queue.code])
    return then < queue.share and then < now - _SAME


def _to(move: Move) -> str:
    return "" if isinstance(move, Nothing) else move.to


def _measured(move: Move, played: Played) -> Floats:
    """What a move is to change in its queue."""
    return (played.hung_up if isinstance(move, OfferCallbacks) else played.in_time)[_to(move)]


def _suggestion(now_is: Situation, move: Move, base: Played, after: Played) -> Suggestion:
    giver = move.giver if isinstance(move, Lend) else ""
    before_it, after_it = _range(_measured(move, base)), _range(_measured(move, after))
    per_hour = next(queue.per_hour for queue in now_is.queues if queue.code == _to(move))
    return Suggestion(
        move=move,
        to=_to(move),
        before=before_it,
        after=after_it,
        calls=abs(after_it.mean - before_it.mean) * per_hour * HORIZON_S / 3600.0,
        giver=giver,
        giver_before=_mean(base.in_time[giver]) if giver else 0.0,
        giver_after=_mean(after.in_time[giver]) if giver else 0.0,
    )


def _mean(shares: Floats) -> float:
    return float(np.nanmean(shares)) if not np.isnan(shares).all() else 1.0


def _range(shares: Floats) -> Range:
    if np.isnan(shares).all():
        return Range(np.nan, np.nan, np.nan)
    low, high = np.nanquantile(shares, (0.1, 0.9))
    return Range(float(np.nanmean(shares)), float(low), float(high))
