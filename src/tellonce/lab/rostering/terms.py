"""What a roster is asked for: the requirement, shifts, contracts, teams, and what it costs to miss.

Times of day are whole minutes from midnight of the day on which a shift starts; days count from 0 (the week's first).
The week is a circle: a shift that runs past the last midnight covers the first morning.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DAYS = 7
DAY_MIN = 1440


@dataclass(frozen=True, slots=True)
class Break:
    """One break of a shift: so long, beginning between two offsets (minutes after the shift's start)."""

    length_min: int
    earliest_min: int
    latest_min: int
    paid: bool = True


@dataclass(frozen=True, slots=True)
class ShiftType:
    """Shifts of one length, which may start at `first_start_min` and every `start_every_min` up to `last_start_min`.

    `length_min` counts from coming to leaving, breaks included. Breaks are in order, and their windows (from the
    earliest beginning to the latest end) do not overlap.
    """

    name: str
    length_min: int
    first_start_min: int
    last_start_min: int
    start_every_min: int = 30
    breaks: tuple[Break, ...] = ()

    @property
    def paid_min(self) -> int:
        """Minutes that are paid: the length less the unpaid breaks."""
        return self.length_min - sum(each.length_min for each in self.breaks if not each.paid)


@dataclass(frozen=True, slots=True)
class Contract:
    """What a week of one person may be.

    Args:
        name: as people know it.
        shift_types: those a day at work may be of; a week may mix them.
        fewest_days: fewest days at work in a week.
        most_days: most days at work in a week.
        least_paid_min: least paid minutes of a week.
        most_paid_min: most paid minutes of a week.
        days_off_together: at least so many of the days off follow each other (the week taken as a circle).
        start_spread_min: how far apart the starts of one week may be.
        rest_min: least minutes between the end of a shift and the start of the next day's.
    """

    name: str
    shift_types: tuple[ShiftType, ...]
    fewest_days: int
    most_days: int
    least_paid_min: int
    most_paid_min: int
    days_off_together: int = 0
    start_spread_min: int = 120
    rest_min: int = 660


@dataclass(frozen=True, slots=True)
class Team:
    """So many people with one contract, one set of skills, at one site: alike, until persons are named."""

    name: str
    contract: Contract
    skills: tuple[str, ...]
    people: int
    site: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """People wanted at work, by skill, day and interval.

    Args:
        skills: the skills, in the order of the arrays' first axis.
        people: whole numbers from 0, shape (skills, 7, intervals a day); the intervals a day divide 1440 minutes.
        hurt: what the first person short in an interval costs, same shape, from 0; callers who are no longer answered
            in time, when made by `requirement_for`. None is 1 everywhere.
        open_at: where anybody may be at work, shape (7, intervals a day). None is always.
    """

    skills: tuple[str, ...]
    people: Ints
    hurt: Floats | None = None
    open_at: Bools | None = None

    @property
    def intervals_a_day(self) -> int:
        """How many intervals a day has."""
        return int(self.people.shape[2])

    @property
    def step_min(self) -> int:
        """Minutes of an interval."""
        return DAY_MIN // self.intervals_a_day


@dataclass(frozen=True, slots=True)
class Costs:
    """What a person-interval too few or too many costs.

    Args:
        short_steps: pairs of a share of the requirement (rising) and a factor (not falling): each person short up to
            that share costs `Requirement.hurt` times the factor; the last pair's factor holds for all beyond.
        over: what a person-interval above the requirement costs.
    """

    short_steps: tuple[tuple[float, float], ...] = ((0.05, 1.0), (0.15, 2.0), (1.0, 4.0))
    over: float = 0.1


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to search, and when to be content: seconds, relative gap to the proven bound, threads, seed."""

    seconds: float = 60.0
    gap: float = 0.02
    threads: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class PlacedBreak:
    """A break at its place: minutes from midnight of the shift's day (beyond 1440 after midnight)."""

    start_min: int
    length_min: int
    paid: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """A day at work: day 0 to 6, start and length in minutes, breaks in order."""

    day: int
    type_name: str
    start_min: int
    length_min: int
    breaks: tuple[PlacedBreak, ...]

    @property
    def end_min(self) -> int:
        """Minutes from the day's midnight to its end."""
        return self.start_min + self.length_min

    @property
    def paid_min(self) -> int:
        """Minutes that are paid."""
        return self.length_min - sum(each.length_min for each in self.breaks if not each.paid)


@dataclass(frozen=True, slots=True)
class Tour:
    """A week of one person of a team who is not named yet: shifts by day, at most one a day."""

    team: str
    shifts: tuple[Shift, ...] = field(default=())

    @property
    def paid_min(self) -> int:
        """Paid minutes of the week."""
        return sum(each.paid_min for each in self.shifts)

    @property
    def days(self) -> frozenset[int]:
        """The days at work."""
        return frozenset(each.day for each in self.shifts)
