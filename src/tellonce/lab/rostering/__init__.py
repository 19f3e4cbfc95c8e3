"""From people wanted per quarter hour to weeks of work, then to named people, and what callers will meet."""

from tellonce.lab.rostering.covering import cover, present
from tellonce.lab.rostering.errors import NoRosterError, RosterInputError
from tellonce.lab.rostering.people import Assigned, Assignment, Fairness, Person, Spread, assign
from tellonce.lab.rostering.requirement import requirement_for
from tellonce.lab.rostering.terms import (
    Break,
    Contract,
    Costs,
    Effort,
    PlacedBreak,
    Requirement,
    Shift,
    ShiftType,
    Team,
    Tour,
)
from tellonce.lab.rostering.tours import Roster, solve_tours
from tellonce.lab.rostering.waits import Demand, Interval, RosterWaits, roster_waits, with_people_changed

__all__ = [
    "Assigned",
    "Assignment",
    "Break",
    "Contract",
    "Costs",
    "Demand",
    "Effort",
    "Fairness",
    "Interval",
    "NoRosterError",
    "Person",
    "PlacedBreak",
    "Requirement",
    "Roster",
    "RosterInputError",
    "RosterWaits",
    "Shift",
    "ShiftType",
    "Spread",
    "Team",
    "Tour",
    "assign",
    "cover",
    "present",
    "requirement_for",
    "roster_waits",
    "solve_tours",
    "with_people_changed",
]
