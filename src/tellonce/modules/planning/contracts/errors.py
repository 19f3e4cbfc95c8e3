"""What can be expected to go wrong with a plan, in words for the planner."""

from typing import Any, Self

from tellonce.kernel.errors import ConflictError, DomainError, NotFoundError
from tellonce.modules.planning.contracts.reasons import words_of


class PlanNotFoundError(NotFoundError):
    """No such plan."""

    code = "plan_not_found"


class PlanChangedError(ConflictError):
    """Somebody else changed the plan since it was read; the text says who and when."""

    code = "plan_changed"


class BadTermsError(DomainError):
    """What was said of a plan or a decision cannot be; `field` is what was typed there, "" for the whole."""

    def __init__(self, message: str, *, field: str = "") -> None:
        """`field` is the name of the field in the form."""
        super().__init__(message)
        self.field = field

    @classmethod
    def because(cls, reason: str, *, field: str = "", **told: Any) -> Self:
        """One whose words stand in `contracts.reasons`: a worker notes it, and each reader has it in their language."""
        made = cls(words_of(reason, told), field=field)
        made.reason, made.told = reason, told
        return made


class BadPlanError(BadTermsError):
    """What was said of a plan cannot be."""

    code = "plan_bad"


class NothingToUndoError(DomainError):
    """Nothing of this plan can be taken back."""

    code = "nothing_to_undo"


class RosterBusyError(ConflictError):
    """A roster of this plan is being made already."""

    code = "roster_busy"


class NotEnoughCallsError(DomainError):
    """The queue's calls are too few or too recent to forecast from."""

    code = "not_enough_calls"
