"""From problems to contacts: who answers, what is promised, what is kept, and when the problem is gone."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tellonce.demo import rates
from tellonce.demo.calendar import Bools, Floats, Ints, Span, crowded, human_time, office_time
from tellonce.demo.causes import CAUSES, Problems
from tellonce.demo.customers import Customers
from tellonce.demo.promising import NAN, Promised, Unsolved, draw_drawn_out, what_comes
from tellonce.demo.reasons import REASONS

ROUNDS: Final = 6
SOLVED_LATER: Final = 0.60
COMES_BACK: Final = 0.065
_LOST_DAYS: Final = 4.0
_SATURDAY: Final = 5
_CALL, _CHAT, _MAIL, _SHOP, _LETTER = (
    [name for name, _ in rates.CHANNELS].index(name) for name in ("call", "chat", "mail", "shop", "letter")
)
_WRITTEN: Final = [
    number for number, (name, _) in enumerate(rates.CHANNELS) if name in {"mail", "portal", "social", "letter"}
]


@dataclass(frozen=True, slots=True)
class Contacts:
    """One row a contact. `round` counts a problem's answered contacts from 0; times in days.

    `gone` is when the problem counts as solved after it without another contact; NaN where it was solved in it, or not.
    """

    problem: Ints
    round: Ints
    at: Floats
    channel: Ints
    answered: Floats  # NaN: gave up before anybody answered
    ended: Floats
    solved: Bools
    comes_back: Bools
    told_again: Bools
    transfers: Ints
    chases: Bools  # asks where it stands while what was promised is under way
    gone: Floats


@dataclass(frozen=True, slots=True)
class Chains:
    """What became of every problem; those that are `drawn_out` take weeks."""

    contacts: Contacts
    promises: Promised
    drawn_out: Bools


class _Running:
    """The state of the walk through the rounds."""

    def __init__(self, rng: np.random.Generator, span: Span, customers: Customers, problems: Problems) -> None:
        self.rng, self.span, self.c, self.p = rng, span, customers, problems
        self.solved_first = np.array([reason.solved for reason in REASONS])
        self.is_fault = np.array([reason.skill == "tech" for reason in REASONS])
        self.drawn_out = draw_drawn_out(rng, problems.reason) & ~problems.owed
        self.pending = np.full(len(problems), NAN)
        self.contacts: list[tuple[Ints | Floats | Bools, ...]] = []
        self.promises: list[Promised] = []
        self.favourite = _favourite_channels(rng, len(customers))
        self.count = 0
        self.later: list[Ints] = []  # problems that will be heard of again after the present

    def region(self, problem: Ints) -> Ints:
        return self.c.region[self.p.who[problem]]


def follow(rng: np.random.Generator, *, span: Span, customers: Customers, problems: Problems) -> Chains:
    """Follows every problem through at most six rounds; nothing begins at or after `span.now`."""
    run = _Running(rng, span, customers, problems)
    active = np.arange(len(problems))
    at = problems.at.copy()
    number = np.zeros(len(problems), dtype=np.int64)
    for turn in range(ROUNDS + 2):
        live = at < span.now
        run.later.append(active[~live & (number > 0)])
        active, at, number = active[live], at[live], number[live]
        if not len(active):
            break
        active, at, number = _turn(run, active, at, number, is_last=turn >= ROUNDS)
    _chased_just_now(run)
    contacts = Contacts(*(np.concatenate(part) for part in zip(*run.contacts, strict=True)))
    return Chains(contacts, _joined(run.promises), run.drawn_out)


def _joined(parts: list[Promised]) -> Promised:
    names = ("row", "kind", "made", "due", "kept", "owned_up", "done_late")
    return Promised(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _chased_just_now(run: _Running) -> None:
    """Some whose problem is not gone get in touch in the last minutes, so that the desk has a story to show."""
    later = np.concatenate([*run.later, np.zeros(0, dtype=np.int64)])
    here = later[run.c.left[run.p.who[later]] > run.span.now]
    if len(here):
        chosen = run.rng.choice(here, min(6, len(here)), replace=False)
        at = run.span.now - run.rng.uniform(0.3, 8.0, len(chosen)) / 1440
        _turn(run, chosen, at, np.ones(len(chosen), dtype=np.int64), is_last=False)


def _turn(run: _Running, active: Ints, at: Floats, number: Ints, *, is_last: bool) -> tuple[Ints, Floats, Ints]:
    """One contact of every active problem; returns those that get in touch again, when, and their count."""
    rng, n = run.rng, len(active)
    channel = _possible(run, _channels(run, active), at, active)
    in_outage = run.p.cause[active] == CAUSES.index("outage")
    crowd = crowded(run.span, at, run.region(active)) * _one_more(run, at, active)
    wait, talk = _durations(rng, channel, np.where(in_outage & (number == 0), rates.OUTAGE_WAITS, crowd))
    owed = run.p.owed[active]
    abandons = np.where(in_outage, rates.OUTAGE_ABANDONED, rates.CALL_ABANDONED)
    gave_up = (channel == _CALL) & (rng.random(n) < abandons) & (not is_last) & ~owed
    chases = ~gave_up & (run.pending[active] > at)
    chance = np.where(number == 0, run.solved_first[run.p.reason[active]], SOLVED_LATER)
    begins_long = run.drawn_out[active] & (number == 0)
    solved = ~gave_up & ~owed & ~chases & ~begins_long & (rng.random(n) < chance)
    solved |= ~gave_up & ~owed & ~chases & (is_last | (number >= ROUNDS - 1))
    comes_back = solved & (chance < 1) & (rng.random(n) < COMES_BACK) & (not is_last)
    again = ~gave_up & (number > 0) & (rng.random(n) < 0.17)
    transfers = (~gave_up & (rng.random(n) < np.where(number == 0, 0.09, 0.06))).astype(np.int64)
    again |= (transfers > 0) & (rng.random(n) < 0.22)
    answered = np.where(gave_up, NAN, _answered(run, at + wait / 86_400, channel, active))
    ended = np.where(gave_up, at + wait / 86_400, answered + talk / 86_400)
    next_at, gone = _next(run, active, ended, gave_up=gave_up, solved=solved, comes_back=comes_back, number=number)
    told = (active, number, at, channel, answered, ended, solved, comes_back, again, transfers, chases, gone)
    run.contacts.append(told)
    run.count += n
    stay = np.isfinite(next_at)
    return active[stay], next_at[stay], (number + ~gave_up)[stay]


def _next(
    run: _Running, active: Ints, ended: Floats, *, gave_up: Bools, solved: Bools, comes_back: Bools, number: Ints
) -> tuple[Floats, Floats]:
    """When each gets in touch again (infinite: never), and when the problem is gone without that (NaN: not so)."""
    rng, n = run.rng, len(active)
    next_at, gone = np.full(n, np.inf), np.full(n, NAN)
    tries_again = gave_up & (rng.random(n) < 0.8)
    next_at[tries_again] = ended[tries_again] + rng.exponential(0.12, int(tries_again.sum()))
    lost = np.nonzero(gave_up & ~tries_again & (number > 0))[0]
    some_time = ended[lost] + np.minimum(0.2 + rng.exponential(1.0, len(lost)), _LOST_DAYS)
    some_time = np.fmax(some_time, run.pending[active[lost]])  # what was promised is done first
    gone[lost] = office_time(rng, run.span, some_time, run.region(active[lost]))
    back = np.nonzero(comes_back)[0]
    next_at[back] = human_time(rng, run.span, ended[back] + rng.gamma(1.2, 6.0, len(back)), run.region(active[back]))
    rows = np.nonzero(~solved & ~gave_up)[0]
    problem = active[rows]
    unsolved = Unsolved(
        reason=run.p.reason[problem],
        region=run.region(problem),
        ended=ended[rows],
        owed=run.p.owed[problem],
        drawn_out=run.drawn_out[problem] & (number[rows] == 0),
        pending=run.pending[problem],
    )
    outcome = what_comes(rng, run.span, unsolved)
    run.promises.append(replace(outcome.promised, row=run.count + rows[outcome.promised.row]))
    run.pending[problem[outcome.promised.row]] = outcome.settled[outcome.promised.row]
    next_at[rows], gone[rows] = outcome.again, outcome.gone
    return next_at, gone


def _possible(run: _Running, channel: Ints, at: Floats, problem: Ints) -> Ints:
    """Nobody comes to a closed shop, no post comes at night, nobody reports a fault by letter: they call or write."""
    local = run.span.local(at, run.region(problem))
    hour, weekday = local % 1.0 * 24, (np.floor(local).astype(np.int64) + run.span.first.weekday()) % 7
    shop_is_open = (hour > 9) & (hour < np.where(weekday == 5, 16, 18)) & (weekday < 6)
    post_comes = (hour > 8) & (hour < 14) & (weekday < 6)
    channel = np.where((channel == _SHOP) & ~shop_is_open, np.where(hour < 22, _CALL, _CHAT), channel)
    is_fault = run.is_fault[run.p.reason[problem]]
    channel = np.where((channel == _LETTER) & is_fault, _CALL, channel)
    return np.where((channel == _LETTER) & ~post_comes, _MAIL, channel)


def _one_more(run: _Running, at: Floats, problem: Ints) -> Floats:
    """The factor on waits where customer care has one person more."""
    local = run.span.local(at, run.region(problem))
    hour, weekday = local % 1.0 * 24, (np.floor(local).astype(np.int64) + run.span.first.weekday()) % 7
    first, last = rates.ONE_MORE_HOURS
    helps = (at >= rates.ONE_MORE_SINCE) & (hour >= first) & (hour < last) & (weekday < _SATURDAY)
    return np.where(helps & ~run.is_fault[run.p.reason[problem]], rates.ONE_MORE_WAITS, 1.0)


def _answered(run: _Running, at: Floats, channel: Ints, problem: Ints) -> Floats:
    """What is written waits for the morning; calls, chats and texts are answered at any hour."""
    local = run.span.local(at, run.region(problem))
    hour = local % 1.0 * 24
    morning = np.floor(local) + (hour > 20.5) + (7.6 + run.rng.beta(1.0, 3.0, len(at)) * 5) / 24
    waits = np.isin(channel, _WRITTEN) & ((hour < 7.5) | (hour > 20.5))
    answered: Floats = np.where(waits, morning - run.span.offset(at, run.region(problem)), at)
    return np.maximum(answered, at)


def _favourite_channels(rng: np.random.Generator, n: int) -> Ints:
    return rng.choice(len(rates.CHANNELS), n, p=_shares())


def _channels(run: _Running, problem: Ints) -> Ints:
    """People keep to the channel they like, two times in three."""
    drawn = run.rng.choice(len(rates.CHANNELS), len(problem), p=_shares())
    return np.where(run.rng.random(len(problem)) < 0.65, run.favourite[run.p.who[problem]], drawn)


def _shares() -> Floats:
    shares = np.array([share for _, share in rates.CHANNELS])
    parts: Floats = shares / shares.sum()
    return parts


def _durations(rng: np.random.Generator, channel: Ints, crowd: Floats) -> tuple[Floats, Floats]:
    """Seconds waited (longer in a crowd) and talked: call, chat, mail, text, portal, shop, social, letter."""
    wait = np.array([rates.CALL_WAIT_MEDIAN_S, 35.0, 3 * 3600, 1500.0, 2.5 * 3600, 420.0, 3600.0, 18 * 3600.0])
    wait_sigma = np.array([rates.CALL_WAIT_SIGMA, 0.8, 0.9, 0.9, 0.9, 0.6, 1.0, 0.4])
    talk = np.array([rates.CALL_TALK_MEDIAN_S, 620.0, 420.0, 300.0, 360.0, 640.0, 260.0, 500.0])
    slower = np.where((channel == _CALL) | (channel == _CHAT), crowd, 1.0)
    waited = slower * wait[channel] * np.exp(wait_sigma[channel] * rng.standard_normal(len(channel)))
    talked = talk[channel] * np.exp(rates.CALL_TALK_SIGMA * rng.standard_normal(len(channel)))
    return np.round(waited), np.maximum(np.round(talked), 20.0)
