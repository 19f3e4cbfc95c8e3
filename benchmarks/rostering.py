"""How near to the proven bound a week of 300 people is planned, how fast, and how it is said in waits.

A made-up provider: two skills, people with one or both, three contracts, quarter hours of a week with two peaks a day
(fixed seed), calls of five minutes, 80% to be answered within 60 s, 15% of the scheduled away from the phones. In three
cases: with slack, with all hours needed, and with four or five days a week for those at work part time.
Run: python -m benchmarks.rostering [--json]
"""

import sys
import time

import numpy as np

from benchmarks.report import Figure, say
from tellonce.lab.rostering import (
    Assignment,
    Break,
    Contract,
    Demand,
    Effort,
    Person,
    Requirement,
    Roster,
    ShiftType,
    Team,
    assign,
    requirement_for,
    roster_waits,
    solve_tours,
    with_people_changed,
)
from tellonce.lab.rostering.terms import Bools

SEED = 7
SKILLS = ("billing", "technical")
SLACK, ALL_NEEDED = 362.0, 390.0  # calls of a quarter hour of a Monday
GAP_LIMIT, SECONDS_LIMIT = 0.02, 60.0
EIGHT = ShiftType("8 h", 510, 420, 930, 30, (Break(15, 90, 150), Break(30, 210, 300, paid=False), Break(15, 375, 435)))
TEN = ShiftType("10 h", 630, 420, 810, 30, (Break(15, 120, 180), Break(45, 270, 360, paid=False), Break(15, 465, 525)))
FIVE = ShiftType("5 h", 300, 420, 1140, 30, (Break(15, 120, 180),))
CONTRACTS = (
    Contract("full time", (EIGHT,), 5, 5, 2400, 2400, days_off_together=2, start_spread_min=120),
    Contract("four days", (TEN,), 4, 4, 2340, 2400, days_off_together=2, start_spread_min=90),
    Contract("part time", (FIVE,), 5, 5, 1500, 1500, days_off_together=1, start_spread_min=180),
)
FLEXIBLE = (*CONTRACTS[:2], Contract("part time", (FIVE,), 4, 5, 1200, 1500, 1, start_spread_min=180))
CASES = {
    "9 in 10 hours needed": (SLACK, CONTRACTS),
    "all hours needed": (ALL_NEEDED, CONTRACTS),
    "flexible weekly hours": (SLACK, FLEXIBLE),
}
PEOPLE = ((("billing",), (90, 20, 40)), (("technical",), (60, 15, 25)), (SKILLS, (30, 10, 10)))


def teams(contracts: tuple[Contract, ...] = CONTRACTS) -> tuple[Team, ...]:
    """300 people in nine teams."""
    return tuple(
        Team(f"{contract.name}, {' and '.join(skills)}", contract, skills, people)
        for skills, counts in PEOPLE
        for contract, people in zip(contracts, counts, strict=True)
    )


def demand(calls_at_peak: float) -> tuple[Demand, Bools]:
    """Calls of a week with a peak in the morning and another in the afternoon, open from 7 to 24."""
    rng = np.random.default_rng(SEED)
    hour = (np.arange(96) + 0.5) / 4
    peaks = np.exp(-(((hour - 10.5) / 2.2) ** 2)) + 0.8 * np.exp(-(((hour - 16) / 2.6) ** 2))
    evening = 0.25 * np.exp(-(((hour - 20) / 1.5) ** 2))
    is_open = hour >= 7
    shape = np.where(is_open, peaks + evening + 0.03, 0.0)
    day = np.array([1.25, 1.1, 1.0, 1.0, 1.05, 0.6, 0.4]) / 1.25
    mean = calls_at_peak * np.stack([day[:, None] * shape * skill for skill in (1.0, 0.65)])
    calls = mean * rng.gamma(100, 1 / 100, (2, 7, 1)) * rng.gamma(400, 1 / 400, (2, 7, 96))
    asked = Demand(calls, 300.0, patience_s=180.0, answer_within_s=60.0, target=0.8, shrinkage=0.15)
    return asked, np.broadcast_to(is_open, (7, 96)).copy()


def named(everybody: tuple[Team, ...]) -> tuple[Person, ...]:
    """As many people as the teams have, with wishes and a past (fixed seed)."""
    rng = np.random.default_rng(SEED)
    return tuple(
        Person(
            f"{team.name} {number}",
            team.name,
            earliest_start_min=int(rng.choice([420, 540, 600])) if rng.random() < 0.5 else None,
            days_off=frozenset(int(day) for day in rng.choice(7, 2, replace=False))
            if rng.random() < 0.6
            else frozenset(),
            away=frozenset({int(rng.integers(7))}) if rng.random() < 0.05 else frozenset(),
            dislikes_late=float(rng.random() < 0.4),
            dislikes_weekend=float(rng.random() < 0.4),
            late_before=int(rng.integers(0, 9)),
            weekend_before=int(rng.integers(0, 7)),
        )
        for team in everybody
        for number in range(team.people)
    )


def stage_one(wanted: Requirement, everybody: tuple[Team, ...], case: str) -> Roster:
    """Anonymous weeks: gap and seconds."""
    began = time.process_time()
    found = solve_tours(requirement=wanted, teams=everybody, effort=Effort(seconds=SECONDS_LIMIT, gap=GAP_LIMIT))
    short = np.clip(wanted.people - found.cover, 0, None).sum()
    over = np.clip(found.cover - wanted.people, 0, None).sum()
    say(Figure(f"stage one, {case}: people", len(found.tours), "people"))
    say(Figure(f"stage one, {case}: person-quarters required", int(wanted.people.sum()), "person-quarters"))
    say(Figure(f"stage one, {case}: cost of people short and over", found.cost, "callers", "proven bound", found.bound))
    say(Figure(f"stage one, {case}: gap to the proven bound", found.gap, "", "limit", GAP_LIMIT))
    say(Figure(f"stage one, {case}: time", found.seconds, "s", "limit", SECONDS_LIMIT))
    say(Figure(f"stage one, {case}: processor time", time.process_time() - began, "s"))
    say(Figure(f"stage one, {case}: short", int(short), "person-quarters"))
    say(Figure(f"stage one, {case}: over", int(over), "person-quarters"))
    return found


def stage_two(found: Roster, everybody: tuple[Team, ...]) -> Assignment:
    """Weeks to people: gap, seconds, wishes, fairness."""
    people = named(everybody)
    began = time.perf_counter()
    given = assign(tours=found.tours, people=people, teams=everybody)
    say(Figure("stage two: time", time.perf_counter() - began, "s"))
    say(Figure("stage two: gap to the proven bound", given.gap, "", "limit", GAP_LIMIT))
    say(Figure("stage two: wishes met", given.wishes_met, ""))
    say(Figure("stage two: shifts open as people are away", sum(len(w.open_days) for w in given.weeks), "shifts"))
    for name in ("late", "weekend"):
        before, after = (getattr(each, f"{name}_deviation") for each in (given.before, given.after))
        say(Figure(f"stage two: deviation of {name} shifts within teams", after, "shifts", "before", before))
    return given


def in_waits(found: Roster, asked: Demand) -> None:
    """The roster said in waits, and without two people on Monday from 10 to 12."""
    waits = roster_waits(cover=found.cover, demand=asked)
    more = np.zeros(found.cover.shape, dtype=np.int64)
    more[:, 0, 40:48] = -2
    began = time.perf_counter()
    fewer = with_people_changed(waits, more=more, demand=asked)
    say(Figure("what if: time", 1000 * (time.perf_counter() - began), "ms"))
    say(Figure("quarter hours kept (80% within 60 s)", waits.kept, ""))
    say(Figure("callers answered within 60 s", waits.answered, ""))
    spans = (each.by_interval[:, 0, 40:48] >= asked.target for each in (waits, fewer))
    as_is, without = (float(each.mean()) for each in spans)
    say(Figure("Monday 10-12 without two people of each skill: quarter hours kept", without, "", "as planned", as_is))


def one_week(case: str, calls_at_peak: float, contracts: tuple[Contract, ...]) -> None:
    """Says both stages and the waits."""
    asked, open_at = demand(calls_at_peak)
    everybody = teams(contracts)
    wanted = requirement_for(
        skills=SKILLS, calls=asked.calls, aht_s=asked.aht_s, target=asked.target, patience_s=asked.patience_s,
        answer_within_s=asked.answer_within_s, shrinkage=asked.shrinkage, open_at=open_at,
    )  # fmt: skip
    found = stage_one(wanted, everybody, case)
    stage_two(found, everybody)
    in_waits(found, asked)


def main() -> None:
    """Says both stages and the waits, case by case."""
    for case, (calls_at_peak, contracts) in CASES.items():
        one_week(case, calls_at_peak, contracts)


if __name__ == "__main__":
    sys.exit(main())
