"""The whole made-up world as columns, from a seed and a time; nothing here touches a database or a clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from tellonce.demo.calendar import Floats, Ints, Span, span_from, span_until
from tellonce.demo.causes import CAUSES, Problems, draw_problems
from tellonce.demo.chains import Chains, follow
from tellonce.demo.customers import NEVER, Customers, Places, draw_customers, draw_places
from tellonce.demo.filing import file_under
from tellonce.demo.outages import Outages, draw_outages
from tellonce.demo.staffing import Asked, Colleague, assign, draw_staff

Report = Callable[[str, float], None]
_STREAMS: Final = (
    "customers",
    "outages",
    "problems",
    "chains",
    "staff",
    "texts",
    "households",
    "files",
    "present",
    "calls",
)


@dataclass(frozen=True, slots=True)
class World:
    """Everything that happened: see the parts. `matter` is each problem's matter by code.

    `taken_by` is who answered each contact, `passed_by` who would have had it first where it was passed on.
    `swaps` gives the day on which a customer's modem was replaced, `twins` the customers who were entered twice.
    """

    span: Span
    places: Places
    customers: Customers
    activated: Floats
    outages: Outages
    problems: Problems
    chains: Chains
    matter: list[str]
    staff: list[Colleague]
    taken_by: Ints
    passed_by: Ints
    swaps: dict[int, int]
    twins: dict[int, int]
    streams: dict[str, np.random.Generator]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which world: its seed and sizes, its first day, and the time from which on things happen in it."""

    seed: int
    customers: int
    staff: int
    first: datetime
    since: float = 0.0


def wanted_until(now: datetime, *, seed: int, customers: int, staff: int) -> Wanted:
    """The world of the two years before `now`."""
    return Wanted(seed=seed, customers=customers, staff=staff, first=span_until(now).first)


def streams(*key: int) -> dict[str, np.random.Generator]:
    """An independent source of chance for each part, so that more of one changes nothing in another."""
    children = np.random.SeedSequence(key).spawn(len(_STREAMS))
    return {name: np.random.default_rng(child) for name, child in zip(_STREAMS, children, strict=True)}


def draw_world(wanted: Wanted, *, now: datetime) -> World:
    """What happened from `wanted.since` to `now`; the same wanted and time give the same world.

    People and places depend on seed, sizes and first day only: a later stretch of the same world happens to them.
    """
    who_rng = streams(wanted.seed)
    rng = streams(wanted.seed, int(wanted.since * 24)) if wanted.since else who_rng
    span = span_from(wanted.first, now)
    places = draw_places()
    people = draw_customers(who_rng["customers"], customers=wanted.customers, places=places)
    waits = who_rng["customers"].uniform(1.5, 8.0, wanted.customers)
    activated = np.where(people.joined > 0, people.joined + waits, people.joined)
    outages = draw_outages(rng["outages"], span=span, places=places, since=wanted.since)
    problems = draw_problems(
        rng["problems"], span=span, customers=people, outages=outages, activated=activated, since=wanted.since
    )
    chains = follow(rng["chains"], span=span, customers=people, problems=problems)
    colleagues = draw_staff(who_rng["staff"], staff=wanted.staff)
    who = problems.who[chains.contacts.problem]
    asked = Asked(
        reason=problems.reason[chains.contacts.problem],
        at=np.fmax(chains.contacts.answered, chains.contacts.at),
        region=people.region[who],
        spanish=people.spanish[who],
        owed=problems.owed[chains.contacts.problem],
    )
    taken_by, passed_by = assign(rng["staff"], staff=colleagues, span=span, asked=asked)
    matter = file_under(rng["files"], customers=people, problems=problems, drawn_out=chains.drawn_out)
    swaps, twins = _swaps(rng["files"], span, problems, chains), _twins(rng["present"], people)
    return World(
        span,
        places,
        people,
        activated,
        outages,
        problems,
        chains,
        matter,
        colleagues,
        taken_by,
        passed_by,
        swaps,
        twins,
        rng | {"households": who_rng["households"]},
    )


def _swaps(rng: np.random.Generator, span: Span, problems: Problems, chains: Chains) -> dict[int, int]:
    """Most faulty modems are replaced when the problem ends; that is what made it go away."""
    ends = np.full(len(problems), -1.0)
    np.maximum.at(ends, chains.contacts.problem, np.fmax(chains.contacts.ended, chains.contacts.gone))
    rows = np.nonzero((problems.cause == CAUSES.index("faulty_modem")) & (ends > 0) & (ends < span.now - 0.1))[0]
    rows = rows[rng.random(len(rows)) < 0.7]
    return {int(problems.who[row]): int(ends[row]) for row in rows}


def _twins(rng: np.random.Generator, customers: Customers) -> dict[int, int]:
    """A few customers were entered a second time: the later row stands for the earlier."""
    here = np.nonzero((customers.left >= NEVER) & (customers.kind == 0))[0]
    picked = rng.permutation(here)[: 2 * max(1, len(customers) // 700)]
    pairs = np.sort(picked[: len(picked) // 2 * 2].reshape(-1, 2), axis=1)
    return {int(second): int(first) for first, second in pairs}
