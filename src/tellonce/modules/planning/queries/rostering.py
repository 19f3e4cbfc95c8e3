"""From a plan and a wish to a roster: what lab/rostering takes, and what it gave in a planner's terms."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

import numpy as np

from tellonce.lab import rostering as lab
from tellonce.modules.planning.contracts import DAYS, QUARTERS
from tellonce.modules.planning.contracts.rosters import RosterMade, RosterWish
from tellonce.modules.planning.queries.plans import WeekPlan
from tellonce.modules.planning.queries.waits import outlook

_SKILL, _TEAM, _TYPE = "calls", "people", "shift"
_DAY_MIN, _QUARTER_MIN = 1_440, 15
_HALF_A_BREAK_WINDOW = 60
_REST_MIN = 660
_LATEST_SPREAD_MIN = 120

Row = tuple[int | None, str, int, int, tuple[tuple[int, int], ...]]
Rows = tuple[Row, ...]
Progress = Callable[[float], bool]
"""Told the share done; gives True to stop."""


def roster_for(
    plan: WeekPlan, wish: RosterWish, people: Sequence[tuple[int, str, frozenset[int]]], *, progress: Progress
) -> RosterMade | None:
    """A roster of the week; None where nobody called for a forecast of it. `people`: ids, names, days (0 to 6) away.

    Errors as lab/rostering: RosterInputError names the field, NoRosterError.
    """
    if plan.demand is None:
        return None
    team = lab.Team(_TEAM, _contract(wish), (_SKILL,), len(people) or wish.people)
    requirement = lab.requirement_for(
        skills=(_SKILL,),
        calls=plan.demand.expected[None],
        aht_s=plan.terms.handle_s,
        target=plan.terms.target_share,
        answer_within_s=plan.terms.target_within_s,
        patience_s=plan.terms.patience_s,
        shrinkage=plan.terms.shrinkage,
    )
    roster = lab.solve_tours(
        requirement=requirement,
        teams=(team,),
        effort=lab.Effort(seconds=float(wish.seconds)),
        progress=lambda share, _cost, _bound: progress(share),
    )
    rows, gap_people = _named(roster.tours, people, team) if people else (_unnamed(roster.tours), None)
    cover = _cover(rows)
    seen = outlook(plan.demand.expected, cover, plan.terms)
    return RosterMade(seen.share_kept, roster.gap, gap_people, roster.seconds, rows)


def wish_row(wish: RosterWish) -> dict[str, int | None]:
    """The wish as a run keeps it."""
    return asdict(wish)


def made_of(row: dict[str, object]) -> RosterMade:
    """A roster out of what a run kept."""
    shifts = tuple(
        (person, label, begin, end, tuple((a, b) for a, b in pauses))
        for person, label, begin, end, pauses in row["shifts"]  # type: ignore[attr-defined]
    )
    return RosterMade(**{**row, "shifts": shifts})  # type: ignore[arg-type]


def _contract(wish: RosterWish) -> lab.Contract:
    middle = (wish.shift_min - wish.break_min) // 2 // _QUARTER_MIN * _QUARTER_MIN
    earliest = max(middle - _HALF_A_BREAK_WINDOW, _QUARTER_MIN)
    latest = max(min(middle + _HALF_A_BREAK_WINDOW, wish.shift_min - wish.break_min - _QUARTER_MIN), earliest)
    pauses = (lab.Break(wish.break_min, earliest, latest, paid=False),) if wish.break_min else ()
    kind = lab.ShiftType(
        _TYPE, wish.shift_min, wish.first_start_min, wish.last_start_min, start_every_min=30, breaks=pauses
    )
    paid = wish.days * kind.paid_min
    spread = max(min(_LATEST_SPREAD_MIN, _DAY_MIN - wish.shift_min - _REST_MIN), 0)
    return lab.Contract(
        _TEAM, (kind,), wish.days, wish.days, paid, paid,
        days_off_together=min(2, DAYS - wish.days), start_spread_min=spread, rest_min=_REST_MIN,
    )  # fmt: skip


def _unnamed(tours: Sequence[lab.Tour]) -> Rows:
    return tuple(row for number, tour in enumerate(tours, start=1) for row in _rows(tour, None, f"#{number}"))


def _named(
    tours: tuple[lab.Tour, ...], people: Sequence[tuple[int, str, frozenset[int]]], team: lab.Team
) -> tuple[Rows, float]:
    """Weeks given to people; a shift on a day away, and a week that nobody took, stays open under a label."""
    persons = tuple(lab.Person(str(person_id), _TEAM, away=away) for person_id, _name, away in people)
    given = lab.assign(tours=tours, people=persons, teams=(team,))
    rows = [row for week in given.weeks for row in _rows(week.tour, int(week.person), "", without=week.open_days)]
    return tuple(rows), given.gap


def _rows(tour: lab.Tour, person_id: int | None, label: str, *, without: frozenset[int] = frozenset()) -> list[Row]:
    return [
        (
            person_id,
            label,
            shift.day * _DAY_MIN + shift.start_min,
            shift.day * _DAY_MIN + shift.end_min,
            tuple((pause.start_min - shift.start_min, pause.length_min) for pause in shift.breaks),
        )
        for shift in tour.shifts
        if shift.day not in without
    ]


def _cover(rows: Rows) -> np.ndarray:
    """People at work in each quarter hour; what runs beyond Sunday's midnight is of the week after."""
    people = np.zeros(DAYS * QUARTERS)
    for _person, _label, begin, end, pauses in rows:
        people[begin // _QUARTER_MIN : end // _QUARTER_MIN] += 1
        for after, length in pauses:
            people[(begin + after) // _QUARTER_MIN : (begin + after + length) // _QUARTER_MIN] -= 1
    return people.reshape(DAYS, QUARTERS)
