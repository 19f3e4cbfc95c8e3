"""What would help in the next half hour: a few moves, played from how the floor is now, kept for a minute."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.core.cache import cache

from tellonce.lab.simulation import difference
from tellonce.modules.phone.contracts import PersonState as State
from tellonce.modules.phone.models import Queue
from tellonce.modules.phone.queries.floor import PersonHere, Waiter, day_of, open_queues, people_of, waiting
from tellonce.modules.phone.queries.pace import QueuePace, pace_of, usual_calls
from tellonce.modules.phone.queries.queues import as_line
from tellonce.modules.phone.queries.rehearsing import (
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

KEPT_S = 60
_WORKING_S = 20
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
    """A move that helps its queue beyond what chance gives, and breaks no other: shares before and after."""

    move: Move
    to: str
    before: Range
    after: Range
    hung_up_before: float
    hung_up_after: float
    giver: str = ""
    giver_before: float = 0.0
    giver_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Help:
    """What was worked out, and when; `tried` moves, of which the suggestions are those that help, the best first."""

    at: datetime
    outlooks: tuple[Outlook, ...]
    suggestions: tuple[Suggestion, ...]
    tried: int


def help_now(now: datetime) -> Help | None:
    """What would help, at most KEPT_S old; None while somebody else's look is being worked out."""
    kept: Help | None = cache.get("floor-help")
    if kept is not None:
        return kept
    if not cache.add("floor-help-working", value=True, timeout=_WORKING_S):
        return None
    try:
        found = worked_out(situation(now), now)
        cache.set("floor-help", found, KEPT_S)
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
    return Situation(states, tuple(person for person in there if person.levels))


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
    talks = person.state == State.ON_CONTACT and person.since is not None
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
    moves = list(_moves(now_is, base))
    tried = [(move, play(now_is, move, seed=seed)) for move in moves]
    helpful = [_suggestion(move, base, after) for move, after in tried if _helps(now_is, move, base, after)]
    outlooks = tuple(
        Outlook(queue.code, _range(base.in_time[queue.code]), _range(base.hung_up[queue.code]))
        for queue in now_is.queues
    )
    helpful.sort(key=lambda each: each.after.mean - each.before.mean, reverse=True)
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
    """Those that will miss their target, by how far."""
    missed = {queue.code: queue.share - _mean(base.in_time[queue.code]) for queue in now_is.queues}
    needy = [queue for queue in now_is.queues if missed[queue.code] > 0]
    return sorted(needy, key=lambda queue: -missed[queue.code])[:_MOST_HELPED]


def _givers(now_is: Situation, base: Played, to: str) -> list[str]:
    """Queues that keep their target and have people for the other one as well, those with most to spare first."""
    spare = {queue.code: _mean(base.in_time[queue.code]) - queue.share for queue in now_is.queues if queue.code != to}
    able = [code for code, more in spare.items() if more > 0 and lenders(now_is, code, to)]
    return sorted(able, key=lambda code: -spare[code])[:_MOST_GIVERS]


def _helps(now_is: Situation, move: Move, base: Played, after: Played) -> bool:
    """It is better for its queue, clearly and worth it, and no other queue falls below its target by it."""
    to = "" if isinstance(move, Nothing) else move.to
    measure, sign = ("hung_up", -1.0) if isinstance(move, OfferCallbacks) else ("in_time", 1.0)
    gain = difference(sign * getattr(base, measure)[to], sign * getattr(after, measure)[to])
    others = (queue for queue in now_is.queues if queue.code != to)
    return bool(gain.low > 0 and gain.mean >= _WORTH_IT) and not any(_breaks(queue, base, after) for queue in others)


def _breaks(queue: QueueState, base: Played, after: Played) -> bool:
    now, then = _mean(base.in_time[queue.code]), _mean(after.in_time[queue.code])
    return then < queue.share and then < now - _SAME


def _suggestion(move: Move, base: Played, after: Played) -> Suggestion:
    to = "" if isinstance(move, Nothing) else move.to
    giver = move.giver if isinstance(move, Lend) else ""
    return Suggestion(
        move=move,
        to=to,
        before=_range(base.in_time[to]),
        after=_range(after.in_time[to]),
        hung_up_before=_mean(base.hung_up[to]),
        hung_up_after=_mean(after.hung_up[to]),
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
