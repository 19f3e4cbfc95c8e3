"""A roster found by changing explicit weeks, person by person: where it begins, and what comes out."""

from dataclasses import dataclass

import numpy as np

from tellonce.lab.rostering import kernels
from tellonce.lab.rostering.model import Model, bands_of, starts_of
from tellonce.lab.rostering.prices import price_table
from tellonce.lab.rostering.terms import DAYS, Bools, Contract, Costs, Floats, Ints, PlacedBreak, Shift, Tour
from tellonce.lab.rostering.weeks import OFF, weeks_of


@dataclass(slots=True)
class Search:
    """All that the compiled search reads and changes; see `kernels.anneal`."""

    seed: "np.ndarray[tuple[int], np.dtype[np.uint64]]"
    kinds: Ints
    starts: Ints
    breaks: Ints
    pool_of: Ints
    rule_of: Ints
    kind_of: Ints
    counted: Ints
    spread: Ints
    weeks: Bools
    length: Ints
    window: Ints
    may_start: Bools
    skilled: Bools
    price: Floats
    share: Ints
    cover: Ints

    @property
    def cost(self) -> float:
        """What the roster costs now."""
        at, skill = np.indices(self.cover.shape)
        return float(self.price[at, skill, self.cover].sum())

    def run(self, *, rounds: int, hot: float, cold: float) -> int:
        """Tries so many changes; gives how many were kept."""
        return kernels.anneal(
            self.seed, self.kinds, self.starts, self.breaks, self.pool_of, self.rule_of, self.kind_of, self.counted,
            self.spread, self.weeks, self.length, self.window, self.may_start, self.skilled, self.price, self.share,
            self.cover, rounds, hot, cold,
        )  # fmt: skip


def begin(model: Model, costs: Costs, seed: int) -> Search:
    """A roster that keeps all rules: weeks and bands taken evenly from those allowed, breaks as early as may be."""
    requirement = model.requirement
    teams = [group.team for group in model.groups]
    shift_types = list(dict.fromkeys(kind for team in teams for kind in team.contract.shift_types))
    contracts = list(dict.fromkeys(team.contract for team in teams))
    pools = list(dict.fromkeys(team.skills for team in teams))
    widest = max(len(contract.shift_types) for contract in contracts)
    most_breaks = max(1, *(len(kind.breaks) for kind in shift_types))
    window = np.zeros((len(shift_types), most_breaks, 3), dtype=np.int64)
    may_start = np.zeros((len(shift_types), DAYS, requirement.intervals_a_day), dtype=bool)
    for place, kind in enumerate(shift_types):
        for number, each in enumerate(kind.breaks):
            window[place, number] = (
                np.array((each.earliest_min, each.latest_min, each.length_min)) // requirement.step_min
            )
        for day in range(DAYS):
            may_start[place, day, list(starts_of(kind, day, requirement))] = True
    kind_of = np.zeros((len(contracts), widest), dtype=np.int64)
    for rule, contract in enumerate(contracts):
        kind_of[rule, : len(contract.shift_types)] = [shift_types.index(kind) for kind in contract.shift_types]
    people = sum(team.people for team in teams)
    total = DAYS * requirement.intervals_a_day
    search = Search(
        seed=np.array([seed], dtype=np.uint64),
        kinds=np.full((people, DAYS), OFF, dtype=np.int64),
        starts=np.zeros((people, DAYS), dtype=np.int64),
        breaks=np.zeros((people, DAYS, most_breaks), dtype=np.int64),
        pool_of=np.repeat([pools.index(team.skills) for team in teams], [team.people for team in teams]),
        rule_of=np.repeat([contracts.index(team.contract) for team in teams], [team.people for team in teams]),
        kind_of=kind_of,
        counted=np.array([len(contract.shift_types) for contract in contracts]),
        spread=np.array([contract.start_spread_min // requirement.step_min for contract in contracts]),
        weeks=np.stack([_week_codes(contract, widest + 1) for contract in contracts]),
        length=np.array([kind.length_min // requirement.step_min for kind in shift_types]),
        window=window,
        may_start=may_start,
        skilled=np.array([[skill in pool for skill in requirement.skills] for pool in pools]),
        price=price_table(requirement, costs, people + 1),
        share=np.zeros((total, len(pools), len(requirement.skills)), dtype=np.int64),
        cover=np.zeros((total, len(requirement.skills)), dtype=np.int64),
    )
    _place(search, model)
    _count(search)
    return search


def _week_codes(contract: Contract, base: int) -> Bools:
    codes = np.zeros(base**DAYS, dtype=bool)
    for week in weeks_of(contract):
        codes[sum((kind + 1) * base ** (DAYS - 1 - day) for day, kind in enumerate(week))] = True
    return codes


def _place(search: Search, model: Model) -> None:
    person = 0
    for group in model.groups:
        team, bands = group.team, bands_of(group.team, model.requirement)
        for number in range(team.people):
            band, week, _ = group.weeks[(2 * number + 1) * len(group.weeks) // (2 * team.people)]
            for day, place in enumerate(week):
                if place != OFF:
                    kind = team.contract.shift_types[place]
                    allowed = group.starts[day, kind]
                    search.kinds[person, day] = place
                    search.starts[person, day] = next(start for start in bands[band] if start in allowed)
                    window = search.window[search.kind_of[search.rule_of[person], place]]
                    search.breaks[person, day] = window[:, kernels.EARLIEST]
            person += 1


def take_over(search: Search, tours: tuple[Tour, ...], model: Model) -> None:
    """Puts these weeks, in the order of the teams, in the place of those the search has."""
    step, teams = model.requirement.step_min, {group.team.name: group.team for group in model.groups}
    search.kinds[:] = OFF
    for person, tour in enumerate(tours):
        names = [kind.name for kind in teams[tour.team].contract.shift_types]
        for shift in tour.shifts:
            search.kinds[person, shift.day] = names.index(shift.type_name)
            search.starts[person, shift.day] = shift.start_min // step
            for number, each in enumerate(shift.breaks):
                search.breaks[person, shift.day, number] = (each.start_min - shift.start_min) // step
    _count(search)


def _count(search: Search) -> None:
    """Counts who is present, and shares them out."""
    search.share[:] = 0
    search.cover[:] = 0
    total, intervals = search.cover.shape[0], search.may_start.shape[2]
    present = np.zeros((search.skilled.shape[0], total), dtype=np.int64)
    for person, day in zip(*np.nonzero(search.kinds >= 0), strict=True):
        kind = search.kind_of[search.rule_of[person], search.kinds[person, day]]
        span = (day, search.starts[person, day], search.length[kind])
        kernels.mark(present[search.pool_of[person]], span, search.breaks[person, day], search.window[kind], intervals)
    for at in range(total):
        for pool in range(len(present)):
            kernels.settle(
                search.share[at], search.cover[at], search.price[at], search.skilled, pool, present[pool, at]
            )


def tours_of(search: Search, model: Model) -> tuple[Tour, ...]:
    """The weeks as they are now, in the order of the teams."""
    step, tours, person = model.requirement.step_min, [], 0
    for group in model.groups:
        for _ in range(group.team.people):
            shifts = []
            for day in range(DAYS):
                place = int(search.kinds[person, day])
                if place != OFF:
                    kind = group.team.contract.shift_types[place]
                    start = int(search.starts[person, day]) * step
                    offsets = search.breaks[person, day, : len(kind.breaks)] * step
                    taken = zip(kind.breaks, offsets, strict=True)
                    breaks = tuple(PlacedBreak(start + int(at), each.length_min, each.paid) for each, at in taken)
                    shifts.append(Shift(day, kind.name, start, kind.length_min, breaks))
            tours.append(Tour(group.team.name, tuple(shifts)))
            person += 1
    return tuple(tours)
