"""What no call log can teach."""

from typing import ClassVar

from tellonce.kernel.errors import DomainError


class FittingInputError(DomainError):
    """A log, arrivals or people at work that do not hold together; `field` names the array."""

    code: ClassVar[str] = "fitting_input"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field} {text}")
        self.field = field
