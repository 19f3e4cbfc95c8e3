"""What can be expected to go wrong with a plan, in words for the planner."""

from tellonce.kernel.errors import ConflictError, DomainError, NotFoundError


class PlanNotFoundError(NotFoundError):
    """No such plan."""

    code = "plan_not_found"


class PlanChangedError(ConflictError):
    """Somebody else changed the plan since it was read; the text says who and when."""

    code = "plan_changed"


class BadPlanError(DomainError):
    """What was said of a plan cannot be; `field` is what was typed there, "" for the whole."""

    code = "plan_bad"

    def __init__(self, message: str, *, field: str = "") -> None:
        """`field` is the name of the field in the form."""
        super().__init__(message)
        self.field = field


class NothingToUndoError(DomainError):
    """Nothing of this plan can be taken back."""

    code = "nothing_to_undo"


class RosterBusyError(ConflictError):
    """A roster of this plan is being made already."""

    code = "roster_busy"


class NotEnoughCallsError(DomainError):
    """The queue's calls are too few or too recent to forecast from."""

    code = "not_enough_calls"
