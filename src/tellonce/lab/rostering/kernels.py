"""The compiled part of the search: one person's week is changed at a time, and a dearer change is kept by chance.

Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) over explicit weeks. Every change keeps every rule, so what
is found is always a roster; only who is short or over differs. Times are intervals. A person's week is
`kinds[person, day]` (the place in the contract's shift types, -1 is off), `starts[person, day]`, and
`breaks[person, day, number]`, counted from the shift's start.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tellonce.lab.compiled import compiled, compiled_as

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Seed = NDArray[np.uint64]

EARLIEST, LATEST, LASTS = 0, 1, 2
DAYS = 7
_GAIN = -1e-9
# how often which change is tried
_BREAK, _START, _DAY = 0.45, 0.75, 0.9


@compiled
def uniform(seed: Seed) -> float:
    """A number from 0 to below 1 (splitmix64: Steele, Lea and Flood 2014)."""
    seed[0] += np.uint64(0x9E3779B97F4A7C15)
    z = seed[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return float(z >> np.uint64(11)) / 9007199254740992.0


@compiled
def below(seed: Seed, end: int) -> int:
    """A whole number from 0 to below `end`."""
    return int(uniform(seed) * end)


@compiled
def settle(share: Ints, cover: Ints, price: Floats, skilled: Bools, pool: int, more: int) -> None:
    """Gives `more` people of a pool the skills where they help most (takes where they hurt least), then evens out.

    For one interval: share[pool, skill], cover[skill], price[skill, cover].
    """
    skills = cover.size
    step = 1 if more > 0 else -1
    for _ in range(abs(more)):
        best, at = np.inf, -1
        for skill in range(skills):
            if skilled[pool, skill] and (step > 0 or share[pool, skill] > 0):
                change = price[skill, cover[skill] + step] - price[skill, cover[skill]]
                if change < best:
                    best, at = change, skill
        share[pool, at] += step
        cover[at] += step
    while skills > 1 and evened(share, cover, price, skilled):
        pass


@compiled
def evened(share: Ints, cover: Ints, price: Floats, skilled: Bools) -> bool:
    """Moves one person from a skill to another where that costs less; whether it did."""
    pools, skills = share.shape
    for pool in range(pools):
        for a in range(skills):
            if share[pool, a] > 0:
                freed = price[a, cover[a] - 1] - price[a, cover[a]]
                for b in range(skills):
                    if b != a and skilled[pool, b] and freed + price[b, cover[b] + 1] - price[b, cover[b]] < _GAIN:
                        share[pool, a] -= 1
                        share[pool, b] += 1
                        cover[a] -= 1
                        cover[b] += 1
                        return True
    return False


@compiled
def mark(delta: Ints, span: tuple[int, int, int], breaks: Ints, window: Ints, intervals: int) -> None:
    """Adds a shift (day, start, length) to `delta`, breaks apart; a negative length takes it away."""
    day, start, length = span
    sign = 1 if length > 0 else -1
    begin, total = day * intervals + start, delta.size
    for time in range(begin, begin + abs(length)):
        delta[time % total] += sign
    for number in range(breaks.size):
        for time in range(begin + breaks[number], begin + breaks[number] + window[number, LASTS]):
            delta[time % total] -= sign


@compiled
def allowed_week(kinds: Ints, weeks: Bools, base: int) -> bool:
    """Whether a contract has the week."""
    code = 0
    for day in range(DAYS):
        code = code * base + kinds[day] + 1
    return bool(weeks[code])


@compiled
def within(kinds: Ints, starts: Ints, spread: int) -> bool:
    """Whether the starts of a week are no further apart than the spread."""
    low, high = np.int64(1 << 40), np.int64(-1)
    for day in range(DAYS):
        if kinds[day] >= 0:
            low, high = min(low, starts[day]), max(high, starts[day])
    return bool(high - low <= spread)


@compiled
def draw_breaks(seed: Seed, breaks: Ints, window: Ints) -> None:
    """Each break anywhere within its window."""
    for number in range(breaks.size):
        breaks[number] = window[number, EARLIEST] + below(seed, window[number, LATEST] - window[number, EARLIEST] + 1)


@compiled
def change_break(seed: Seed, kinds: Ints, breaks: Ints, kind_of: Ints, window: Ints) -> bool:
    """Moves one break of a day."""
    day, number = below(seed, DAYS), below(seed, breaks.shape[1])
    if kinds[day] < 0:
        return False
    first, last, lasts = window[kind_of[kinds[day]], number]
    if lasts == 0 or first == last:
        return False
    breaks[day, number] = first + below(seed, last - first + 1)
    return True


@compiled
def change_start(
    seed: Seed, kinds: Ints, starts: Ints, kind_of: Ints, may_start: Bools, spread: int, together: bool
) -> bool:
    """Moves the start of one day, or of all days by as much."""
    day = below(seed, DAYS)
    if kinds[day] < 0:
        return False
    moved = below(seed, 2 * spread + 1) - spread if spread > 0 else below(seed, 17) - 8
    for each in range(DAYS):
        if kinds[each] >= 0 and (together or each == day):
            new = starts[each] + moved
            if new < 0 or new >= may_start.shape[2] or not may_start[kind_of[kinds[each]], each, new]:
                return False
            starts[each] = new
    return moved != 0


@compiled
def change_days(
    seed: Seed, kinds: Ints, starts: Ints, breaks: Ints, kind_of: Ints, window: Ints, may_start: Bools, counted: int
) -> bool:
    """Swaps two days that differ, or gives one day another type or none."""
    a, b = below(seed, DAYS), below(seed, DAYS)
    if a != b and kinds[a] != kinds[b]:
        kinds[a], kinds[b] = kinds[b], kinds[a]
        starts[a], starts[b] = starts[b], starts[a]
        for number in range(breaks.shape[1]):
            breaks[a, number], breaks[b, number] = breaks[b, number], breaks[a, number]
    else:
        new = below(seed, counted + 1) - 1
        if new == kinds[a]:
            return False
        if kinds[a] < 0:
            while b == a or kinds[b] < 0:
                b = below(seed, DAYS)
            starts[a] = starts[b]
        kinds[a] = new
        if new >= 0:
            draw_breaks(seed, breaks[a], window[kind_of[new]])
    fits_a = kinds[a] < 0 or may_start[kind_of[kinds[a]], a, starts[a]]
    return bool(fits_a and (kinds[b] < 0 or may_start[kind_of[kinds[b]], b, starts[b]]))


@compiled
def propose(
    seed: Seed, kinds: Ints, starts: Ints, breaks: Ints, kind_of: Ints, window: Ints, may_start: Bools,
    weeks: Bools, counted: int, spread: int,
) -> bool:  # fmt: skip
    """Changes one person's week in place; whether what came out keeps the rules and differs."""
    chance = uniform(seed)
    if chance < _BREAK:
        return change_break(seed, kinds, breaks, kind_of, window)
    if chance < _START:
        fine = change_start(seed, kinds, starts, kind_of, may_start, spread, False)
    elif chance < _DAY:
        fine = change_days(seed, kinds, starts, breaks, kind_of, window, may_start, counted)
        fine = fine and allowed_week(kinds, weeks, kind_of.size + 1)
    else:
        fine = change_start(seed, kinds, starts, kind_of, may_start, spread, True)
    return fine and within(kinds, starts, spread)


@compiled
def mark_days(
    delta: Ints, old: tuple[Ints, Ints, Ints], new: tuple[Ints, Ints, Ints], kind_of: Ints, length: Ints, window: Ints,
    intervals: int,
) -> None:  # fmt: skip
    """Marks the days of a week that changed: the old shift taken away, the new one added."""
    for day in range(DAYS):
        same = old[0][day] == new[0][day] and old[1][day] == new[1][day]
        for number in range(old[2].shape[1]):
            same = same and old[2][day, number] == new[2][day, number]
        if not same:
            if old[0][day] >= 0:
                kind = kind_of[old[0][day]]
                mark(delta, (day, old[1][day], -length[kind]), old[2][day], window[kind], intervals)
            if new[0][day] >= 0:
                kind = kind_of[new[0][day]]
                mark(delta, (day, new[1][day], length[kind]), new[2][day], window[kind], intervals)


@compiled
def priced(
    delta: Ints, new_share: Ints, new_cover: Ints, cover: Ints, price: Floats, skilled: Bools, pool: int
) -> float:
    """Settles the intervals in which a pool has more or fewer people; how much more all costs."""
    change = 0.0
    for at in range(delta.size):
        if delta[at] != 0:
            settle(new_share[at], new_cover[at], price[at], skilled, pool, delta[at])
            for skill in range(cover.shape[1]):
                change += price[at, skill, new_cover[at, skill]] - price[at, skill, cover[at, skill]]
    return change


@compiled
def finish(delta: Ints, taken: bool, share: Ints, cover: Ints, new_share: Ints, new_cover: Ints) -> None:
    """Takes the new intervals over, or the old ones back, and clears the marks."""
    for at in range(delta.size):
        if delta[at] != 0:
            delta[at] = 0
            if taken:
                share[at], cover[at] = new_share[at], new_cover[at]
            else:
                new_share[at], new_cover[at] = share[at], cover[at]


@compiled_as(
    "i8(u8[::1], i8[:,::1], i8[:,::1], i8[:,:,::1], i8[::1], i8[::1], i8[:,::1], i8[::1], i8[::1], b1[:,::1],"
    " i8[::1], i8[:,:,::1], b1[:,:,::1], b1[:,::1], f8[:,:,::1], i8[:,:,::1], i8[:,::1], i8, f8, f8)"
)
def anneal(
    seed: Seed, kinds: Ints, starts: Ints, breaks: Ints, pool_of: Ints, rule_of: Ints, kind_of: Ints, counted: Ints,
    spread: Ints, weeks: Bools, length: Ints, window: Ints, may_start: Bools, skilled: Bools, price: Floats,
    share: Ints, cover: Ints, rounds: int, hot: float, cold: float,
) -> int:  # fmt: skip
    """Tries `rounds` changes while the temperature falls from `hot` to `cold`; gives how many were kept.

    Changed in place: seed, kinds[person, 7], starts[person, 7], breaks[person, 7, number],
    share[interval, pool, skill], cover[interval, skill]. By person: pool_of, rule_of (the contract). By contract:
    kind_of[contract, local type], counted (its types), spread, weeks[contract, code]. By type: length,
    window[type, break, (earliest, latest, lasts)], may_start[type, day, interval]. Then skilled[pool, skill] and
    price[interval, skill, people].
    """
    people, total, intervals = kinds.shape[0], cover.shape[0], may_start.shape[2]
    delta = np.zeros(total, dtype=np.int64)
    new_share, new_cover = share.copy(), cover.copy()
    kept = 0
    for round_ in range(rounds):
        person = below(seed, people)
        rule = rule_of[person]
        old_kinds, old_starts, old_breaks = kinds[person].copy(), starts[person].copy(), breaks[person].copy()
        taken = propose(
            seed, kinds[person], starts[person], breaks[person], kind_of[rule], window, may_start, weeks[rule],
            counted[rule], spread[rule],
        )  # fmt: skip
        if taken:
            mark_days(
                delta, (old_kinds, old_starts, old_breaks), (kinds[person], starts[person], breaks[person]),
                kind_of[rule], length, window, intervals,
            )  # fmt: skip
            change = priced(delta, new_share, new_cover, cover, price, skilled, pool_of[person])
            warmth = hot * (cold / hot) ** (round_ / rounds)
            taken = change <= 0.0 or uniform(seed) < math.exp(-change / warmth)
            kept += 1 if taken else 0
            finish(delta, taken, share, cover, new_share, new_cover)
        if not taken:
            kinds[person], starts[person], breaks[person] = old_kinds, old_starts, old_breaks
    return kept


@compiled_as("void(i8[:,:,::1], i8[:,::1], f8[:,:,::1], b1[:,::1], i8[:,::1])")
def share_out(share: Ints, cover: Ints, price: Floats, skilled: Bools, present: Ints) -> None:
    """Shares the people present[pool, interval] out to skills; share and cover come in as zeros."""
    for at in range(cover.shape[0]):
        for pool in range(present.shape[0]):
            settle(share[at], cover[at], price[at], skilled, pool, present[pool, at])
