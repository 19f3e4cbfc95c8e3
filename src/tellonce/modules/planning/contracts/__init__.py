"""What others may know of planning: terms of a plan, shifts, errors."""

from tellonce.modules.planning.contracts.errors import (
    BadPlanError,
    NotEnoughCallsError,
    NothingToUndoError,
    PlanChangedError,
    PlanNotFoundError,
    RosterBusyError,
)
from tellonce.modules.planning.contracts.plans import (
    DAYS,
    LONGEST_SHIFT_S,
    QUARTER_S,
    QUARTERS,
    ChangeKind,
    NewShift,
    Pause,
    PlanTerms,
    RunState,
    ShiftLine,
)

__all__ = [
    "DAYS",
    "LONGEST_SHIFT_S",
    "QUARTERS",
    "QUARTER_S",
    "BadPlanError",
    "ChangeKind",
    "NewShift",
    "NotEnoughCallsError",
    "NothingToUndoError",
    "Pause",
    "PlanChangedError",
    "PlanNotFoundError",
    "PlanTerms",
    "RosterBusyError",
    "RunState",
    "ShiftLine",
]
