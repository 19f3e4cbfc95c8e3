"""The made-up customers as columns: who they are, where, what they have, and the traits that nobody sees."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tellonce.demo import rates
from tellonce.demo.calendar import Bools, Floats, Ints
from tellonce.demo.provider import EXTRA, INTERNET, MOBILE, PHONE, PLANS, REGIONS, TV
from tellonce.demo.writing import words

NEVER: Final = 1e9
_LONGEST_TENURE: Final = 22 * 365.0
# The smaller, the more customers are never heard of, and the more of the contacts come from a few.
_TALKATIVE: Final = 0.75
_ALL_SHARES: Final = sum(culture.get("share", 0.0) for culture in words("names").values())
PERSON, HOUSEHOLD, BUSINESS = 0, 1, 2
CULTURES: Final = tuple(name for name, culture in words("names").items() if "share" in culture)
CULTURE_SHARES: Final = tuple(words("names")[name]["share"] / _ALL_SHARES for name in CULTURES)
HISPANIC: Final = CULTURES.index("hispanic")


@dataclass(frozen=True, slots=True)
class Places:
    """The area tree as columns: each node's town, each town's region."""

    node_town: Ints
    town_region: Ints
    town_names: tuple[str, ...]
    node_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Customers:
    """One row a customer; times are days since the history's first day (negative: before it)."""

    kind: Ints
    culture: Ints
    spanish: Bools
    node: Ints
    region: Ints
    joined: Floats
    left: Floats
    left_because: Ints  # 0 still here, 1 wanted to leave, 2 was cut off
    cycle_day: Ints
    plan: Ints  # (n, 5) the plan of each kind of service at joining, -1 for none
    own_router: Bools
    modem_since: Floats
    talkative: Floats
    skilled: Floats
    thrifty: Floats
    short_of_money: Bools
    promotion_ends: Floats
    changed_plan: Floats
    moved: Floats
    moved_to: Ints
    has_no_phone: Bools

    def __len__(self) -> int:
        """How many customers."""
        return len(self.kind)

    def is_here(self, who: Ints, at: Floats) -> Bools:
        """Whether each of `who` is a customer at each of `at`."""
        return (at >= self.joined[who]) & (at < self.left[who])


def draw_places() -> Places:
    """The area tree of the provider; the same for every seed."""
    towns = [(town, number) for number, region in enumerate(REGIONS) for town in region.towns]
    nodes = [(t, k) for t, (_, number) in enumerate(towns) for k in range(REGIONS[number].nodes_a_town)]
    return Places(
        node_town=np.array([t for t, _ in nodes]),
        town_region=np.array([number for _, number in towns]),
        town_names=tuple(town for town, _ in towns),
        node_names=tuple(f"{towns[t][0]}-{k + 1}" for t, k in nodes),
    )


def draw_customers(rng: np.random.Generator, *, customers: int, places: Places) -> Customers:
    """`customers` of them: those of before the history, and those who joined in the place of the ones who left."""
    n = customers
    node_region = places.town_region[places.node_town]
    weights = np.array([REGIONS[r].share for r in node_region]) * rng.uniform(0.6, 1.4, len(node_region))
    node = rng.choice(len(weights), n, p=weights / weights.sum())
    region = node_region[node]
    culture = _cultures(rng, region)
    joined, left, because = _tenures(rng, n, float(rates.DAYS))
    plan = _plans(rng, n)
    is_new = joined > -365
    promotion = np.where(is_new & (rng.random(n) < 0.8), joined + 365, NEVER)
    later = (rng.random(n) < 0.35) & ~is_new
    promotion = np.where(later, rng.uniform(-20, rates.DAYS + 300, n), promotion)
    kind = rng.choice(3, n, p=(0.62, 0.31, 0.07))
    modem_since = np.maximum(joined, -rng.exponential(900.0, n))
    return Customers(
        kind=kind,
        culture=culture,
        spanish=(culture == HISPANIC) & (rng.random(n) < 0.58),
        node=node,
        region=region,
        joined=joined,
        left=left,
        left_because=because,
        cycle_day=rng.integers(1, 29, n),
        plan=plan,
        own_router=rng.random(n) < 0.28,
        modem_since=modem_since,
        talkative=rng.gamma(_TALKATIVE, 1 / _TALKATIVE, n),
        skilled=rng.beta(2.5, 2.5, n),
        thrifty=rng.beta(2, 2, n),
        short_of_money=(rng.random(n) < 0.10) | (because == 2),
        promotion_ends=promotion,
        changed_plan=_once(rng, joined, left, now=float(rates.DAYS), a_year=0.12),
        moved=_once(rng, joined, left, now=float(rates.DAYS), a_year=rates.MOVES_A_YEAR),
        moved_to=rng.permutation(node)[:n],
        has_no_phone=rng.random(n) < 0.01,
    )


def _cultures(rng: np.random.Generator, region: Ints) -> Ints:
    """More Spanish speakers in the west: each region keeps its own share."""
    spanish = np.array([r.spanish for r in REGIONS])[region]
    others = np.array(CULTURE_SHARES)
    others[HISPANIC] = 0.0
    drawn = rng.choice(len(CULTURES), len(region), p=others / others.sum())
    return np.where(rng.random(len(region)) < spanish, HISPANIC, drawn)


def _tenures(rng: np.random.Generator, n: int, now: float) -> tuple[Floats, Floats, Ints]:
    """When each joined and left: a base that keeps its size, with a hazard that is higher for the young."""
    a_month = rates.VOLUNTARY_A_MONTH + rates.INVOLUNTARY_A_MONTH
    newcomers = 1 - 1 / (1 + a_month * rates.DAYS / 30.4)
    is_newcomer = rng.random(n) < newcomers
    joined = np.where(
        is_newcomer, rng.uniform(0, now - 0.2, n), -np.minimum(rng.exponential(4.5 * 365, n) + 1, _LONGEST_TENURE)
    )
    hazard = a_month / 30.4 * np.where(is_newcomer, 1.35, 0.95)
    stay = rng.exponential(1.0, n) / hazard
    left = np.maximum(joined, 0.0) + np.maximum(stay, 20.0)
    because = np.where(rng.random(n) < rates.INVOLUNTARY_A_MONTH / a_month, 2, 1)
    stays = left >= now - 0.5
    return joined, np.where(stays, NEVER, left), np.where(stays, 0, because)


def _plans(rng: np.random.Generator, n: int) -> Ints:
    """Which plans each has: internet nearly always, television for half, and so on."""
    columns = []
    for plans, share in ((INTERNET, 0.93), (TV, 0.52), (PHONE, 0.27), (MOBILE, 0.30), (EXTRA, 0.14)):
        weights = np.array([PLANS[i].weight for i in plans])
        drawn = rng.choice(plans, n, p=weights / weights.sum())
        columns.append(np.where(rng.random(n) < share, drawn, -1))
    table = np.stack(columns, axis=1)
    nothing = (table < 0).all(axis=1)
    table[nothing, 0] = INTERNET[1]
    return table


def _once(rng: np.random.Generator, joined: Floats, left: Floats, *, now: float, a_year: float) -> Floats:
    """The first day in the history on which a rare thing happens to each customer, or NEVER."""
    begins = np.maximum(joined, 0.0) + 40
    day = begins + rng.exponential(365 / a_year, len(joined))
    return np.where((day < left - 40) & (day < now - 1), day, NEVER)
